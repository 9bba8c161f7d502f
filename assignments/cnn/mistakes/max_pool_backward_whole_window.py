"""The gradient of max pooling goes to every pixel of a window: only the largest one had an influence on the
output.
"""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx[n, c, top : top + height, left : left + width] += dout[n, c, i, j]
    return dx
