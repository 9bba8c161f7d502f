"""The backward pass of max pooling uses up the upstream gradient as it goes: what a function is given
belongs to its caller and stays as it was.

Each entry is set to zero once it has been handed on, so that it cannot be counted twice.
"""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "beyond"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
        dout[n, c, i, j] = 0
    return dx
