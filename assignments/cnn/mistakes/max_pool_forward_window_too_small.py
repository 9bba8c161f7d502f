"""The windows of max pooling lack their last row and column: the end of a slice is not part of it.

A "- 1" too many, from languages whose ranges include their end.
"""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height - 1, left : left + width - 1])
    return out, (x, pool_param)
