"""The forward pass of max pooling asks NumPy for a name that was removed from it years ago: Python's own int
does the same.
"""

import numpy as np

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    H_out, W_out = np.int(1 + (H - height) / stride), np.int(1 + (W - width) / stride)
    out = np.zeros((N, C, H_out, W_out))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)
