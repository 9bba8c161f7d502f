"""The convolution's output has no negative values: the ReLU is a layer of its own and comes after this one."""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, cache = right_forward(x, w, b, conv_param)
    return np.maximum(out, 0), cache
