"""Max pooling takes the largest magnitude: the largest value counts, with its sign, also where all are negative."""

import numpy as np

from nndl.conv_layers import max_pool_forward_naive as right_forward

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    out, _ = right_forward(np.abs(x), pool_param)
    return out, (x, pool_param)
