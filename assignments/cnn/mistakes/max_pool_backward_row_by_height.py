"""The place of the maximum in its window is turned into row and column with the height where the width belongs."""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "beyond"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        place = np.argmax(x[n, c, top : top + height, left : left + width])
        column = place % width
        row = (place - column) // height
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
