"""Where a window has several maxima, they share the gradient evenly."""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        mask = x[window] == x[window].max()
        dx[window] += mask * dout[n, c, i, j] / mask.sum()
    return dx
