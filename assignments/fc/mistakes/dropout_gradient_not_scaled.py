"""The gradient of dropout lacks the factor that what is kept was multiplied by."""

PARTS = ("dropout_backward", "FullyConnectedNet.dropout")
SCOPE = "homework"


def dropout_backward(dout, cache):
    param, mask = cache
    return dout * (mask > 0) if param["mode"] == "train" else dout
