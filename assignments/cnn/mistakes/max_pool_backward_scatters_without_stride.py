"""The gradient of max pooling lands in the wrong place: where a window's maximum was found counts from the
window's corner, which lies at the stride times its number.
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
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i + row, j + column] += dout[n, c, i, j]
    return dx
