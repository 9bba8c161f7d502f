"""The gradient of the images is empty without padding: counting from the end leaves nothing when there is no
padding to cut off.

The crop is written "pad:-pad". By far the most common mistake of this layer.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "beyond"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    pad = int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw, db = right_backward(dout, (x_pad, w, b, {**conv_param, "pad": 0}))
    return dx_pad[:, :, pad:-pad, pad:-pad], dw, db
