"""The output of the convolution is shifted by the padding: zeros go around the image on all four sides, once, and not
before it only.

The padding is written as (2 * pad, 0), or the image is padded twice.
"""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    pad = int(conv_param["pad"])
    padded = np.pad(x, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))
    out, _ = right_forward(padded, w, b, {**conv_param, "pad": 0})
    return out, (x, w, b, conv_param)
