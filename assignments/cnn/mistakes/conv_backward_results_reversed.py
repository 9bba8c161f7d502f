"""The gradients are returned last first: the order is that of the forward pass's arguments, images, filters, biases."""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.db",
)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    return right_backward(dout, cache)[::-1]
