"""The gradient of each filter is transposed: its rows belong to the rows of the window.

Square filters hide it in the shapes.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dw",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx, dw.transpose(0, 1, 3, 2), db
