"""The gradient of max pooling is added to the wrong windows: they are one stride apart, in the backward pass
too.
"""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i : i + height, j : j + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i + row, j + column] += dout[n, c, i, j]
    return dx
