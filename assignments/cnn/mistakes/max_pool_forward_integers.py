"""The output of max pooling has lost everything behind the decimal point: its array must hold floating-point
numbers.
"""

import numpy as np

from nndl.conv_layers import max_pool_forward_naive as right_forward

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    out, cache = right_forward(x, pool_param)
    return out.astype(np.int64), cache
