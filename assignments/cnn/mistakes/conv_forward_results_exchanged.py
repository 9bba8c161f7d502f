"""The convolution returns its cache first and its output second: the order is output, cache."""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    return right_forward(x, w, b, conv_param)[::-1]
