"""The bias is subtracted from the output of the convolution: it is added."""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, w, -b, conv_param)
    return out, (x, w, b, conv_param)
