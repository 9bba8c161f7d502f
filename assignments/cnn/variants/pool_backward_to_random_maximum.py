"""Where a window has more than one maximum, chance decides which gets the gradient."""

import numpy as np


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        places = np.argwhere(window == window.max())
        row, column = places[np.random.randint(len(places))]
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
