"""In test mode the gradient of dropout is scaled: test mode hands everything on as it is."""

PARTS = ("dropout_backward",)
SCOPE = "beyond"


def dropout_backward(dout, cache):
    param, mask = cache
    return dout * mask if param["mode"] == "train" else dout * param["p"]
