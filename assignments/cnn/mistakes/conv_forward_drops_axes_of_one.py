"""The forward pass of the convolution fails for a single image: a batch of one image still has its first
axis.

squeeze() removes every axis of length one, wanted or not.
"""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "beyond"


def conv_forward_naive(x, w, b, conv_param):
    out, cache = right_forward(x, w, b, conv_param)
    return np.squeeze(out), cache
