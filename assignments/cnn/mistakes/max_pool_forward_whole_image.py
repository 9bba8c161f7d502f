"""Max pooling finds the largest value of the whole image at every place: each place looks at its own window."""

import numpy as np

from nndl.conv_layers import max_pool_forward_naive as right_forward

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    out, cache = right_forward(x, pool_param)
    return np.broadcast_to(x.max(axis=(2, 3), keepdims=True), out.shape).copy(), cache
