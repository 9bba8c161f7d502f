"""The gradient of the biases has extra axes of length one: a gradient has the shape of what it belongs to."""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.db",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.sum(axis=(0, 2, 3), keepdims=True)
