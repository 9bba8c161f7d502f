"""The gradients of the images and of the filters are returned in each other's place: the order is that of
the forward pass's arguments.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dw, dx, db
