"""The gradient of the images holds the share of the last filter only: every filter looked at the image, so
their shares add up.

The array of zeros is made inside the loop over filters.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    _, dw, db = right_backward(dout, cache)
    dx, _, _ = right_backward(dout[:, -1:], (x, w[-1:], b[-1:], conv_param))
    return dx, dw, db
