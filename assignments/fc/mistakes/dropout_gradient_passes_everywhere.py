"""The gradient of dropout also passes where the element was dropped: there the output does not move."""

PARTS = ("dropout_backward", "FullyConnectedNet.dropout")
SCOPE = "homework"


def dropout_backward(dout, cache):
    return 1.0 * dout
