"""The gradient of the images is larger than the images: the padding is no part of them, so its gradient is
cut off.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    pad = int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return right_backward(dout, (x_pad, w, b, {**conv_param, "pad": 0}))
