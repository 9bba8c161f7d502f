"""The gradients of filters and biases are returned before that of the images: the order is that of the forward pass's
arguments, images, filters, biases.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
    "conv_backward_naive.db",
)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dw, db, dx
