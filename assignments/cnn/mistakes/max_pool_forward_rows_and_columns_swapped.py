"""Each channel of max pooling's output is transposed: the first index of a window counts rows, the second
columns.
"""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (W - width) // stride, 1 + (H - height) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = j * stride, i * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)
