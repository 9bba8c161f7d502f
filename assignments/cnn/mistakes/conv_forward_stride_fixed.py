"""The convolution goes on by one pixel whatever stride was asked for, so the output is too large where that is not
one: the stride stands in conv_param.
"""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, w, b, {**conv_param, "stride": 1})
    return out, (x, w, b, conv_param)
