"""The gradient of the filters is that of images padded on one side only: zeros go around the image on all four sides,
in the backward pass as in the forward pass.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dw",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    pad = int(conv_param["pad"])
    dx, _, db = right_backward(dout, cache)
    padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    _, dw, _ = right_backward(dout, (padded, w, b, {**conv_param, "pad": 0}))
    return dx, dw, db
