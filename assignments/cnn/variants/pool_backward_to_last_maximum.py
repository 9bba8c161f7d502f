"""Where a window has several maxima, the last of them gets the gradient."""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        best, at = -np.inf, None
        for row, column in np.ndindex(height, width):
            value = x[n, c, i * stride + row, j * stride + column]
            if value >= best:
                best, at = value, (n, c, i * stride + row, j * stride + column)
        dx[at] += dout[n, c, i, j]
    return dx
