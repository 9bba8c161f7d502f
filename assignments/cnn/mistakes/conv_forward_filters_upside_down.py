"""The convolution turns each filter upside down: its first row meets the first row of the window."""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, w[:, :, ::-1], b, conv_param)
    return out, (x, w, b, conv_param)
