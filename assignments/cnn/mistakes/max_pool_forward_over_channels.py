"""Max pooling takes the largest value of all channels together: each channel is pooled by itself.

The habit from the convolution, whose windows span all channels.
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
        out[n, c, i, j] = np.max(x[n, :, top : top + height, left : left + width])
    return out, (x, pool_param)
