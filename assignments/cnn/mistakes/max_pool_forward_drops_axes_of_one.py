"""The output of max pooling loses an axis for a single image: a batch of one image still has its first axis."""

import numpy as np

from nndl.conv_layers import max_pool_forward_naive as right_forward

PARTS = ("max_pool_forward_naive",)
SCOPE = "beyond"


def max_pool_forward_naive(x, pool_param):
    out, cache = right_forward(x, pool_param)
    return np.squeeze(out), cache
