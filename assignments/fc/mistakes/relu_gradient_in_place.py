"""The backward pass of the ReLU overwrites the upstream gradient, which belongs to the caller."""

PARTS = ("relu_backward",)
SCOPE = "beyond"


def relu_backward(dout, cache):
    dout[cache <= 0] = 0
    return dout
