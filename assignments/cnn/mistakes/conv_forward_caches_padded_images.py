"""The convolution keeps the padded images in its cache, and the backward pass pads what it finds there again: keep the
images as they came, or pad in one of the two only.
"""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    pad = int(conv_param["pad"])
    out, _ = right_forward(x, w, b, conv_param)
    return out, (np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))), w, b, conv_param)
