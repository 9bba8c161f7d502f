"""Max pooling never returns less than zero: a search for the largest value must not start at zero, for all
values may be negative.
"""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        for row, column in np.ndindex(height, width):
            out[n, c, i, j] = max(out[n, c, i, j], x[n, c, i * stride + row, j * stride + column])
    return out, (x, pool_param)
