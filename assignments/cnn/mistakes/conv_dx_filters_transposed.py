"""The gradient of the images goes through filters whose rows and columns are exchanged: each weight goes back to the
pixel that it was multiplied with.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    _, dw, db = right_backward(dout, cache)
    dx, _, _ = right_backward(dout, (x, w.transpose(0, 1, 3, 2), b, conv_param))
    return dx, dw, db
