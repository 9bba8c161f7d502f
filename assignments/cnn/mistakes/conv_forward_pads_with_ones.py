"""The output of the convolution is wrong along the borders: the padding is made of zeros, not of ones."""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    pad = int(conv_param["pad"])
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=1)
    out, _ = right_forward(padded, w, b, {**conv_param, "pad": 0})
    return out, (x, w, b, conv_param)
