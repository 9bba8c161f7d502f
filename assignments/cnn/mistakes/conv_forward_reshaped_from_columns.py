"""The output's numbers are right but stand in the wrong places: reshape gives axes other lengths and never another
order. In the columns of im2col the images are the innermost axis, so they have to be moved to the front.

The columns of the given im2col: places outside, images inside.
"""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, cache = right_forward(x, w, b, conv_param)
    return out.transpose(1, 2, 3, 0).reshape(out.shape), cache
