"""The output of max pooling is as wide as it is high: width and height of the input can differ."""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "beyond"


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, _ = x.shape
    size = 1 + (H - height) // stride
    out = np.zeros((N, C, size, size))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)
