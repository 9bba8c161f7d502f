"""The gradient of the images is shifted by the padding: what belongs to the image starts behind the padding
on the top and on the left.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    pad, (_, _, H, W) = int(conv_param["pad"]), x.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw, db = right_backward(dout, (x_pad, w, b, {**conv_param, "pad": 0}))
    return dx_pad[:, :, :H, :W], dw, db
