"""Max pooling takes every window to be as wide as it is high: pool_height and pool_width can differ."""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "beyond"


def max_pool_forward_naive(x, pool_param):
    size, stride = pool_param["pool_height"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - size) // stride, 1 + (W - size) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + size, left : left + size])
    return out, (x, pool_param)
