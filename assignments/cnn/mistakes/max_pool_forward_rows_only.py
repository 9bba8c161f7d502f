"""Max pooling returns a maximum of one row of the window: all rows and all columns of a window take part.

max(axis=...) instead of the maximum of everything, or max() of nested sequences.
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
        out[n, c, i, j] = x[n, c, top : top + height, left : left + width].max(axis=1)[0]
    return out, (x, pool_param)
