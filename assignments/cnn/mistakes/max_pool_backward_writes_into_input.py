"""The backward pass of max pooling fills the images themselves with the gradient: a second name for an array
is not a copy of it.

dx = x, for its shape, instead of zeros of that shape.
"""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "beyond"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = x
    for n, c, i, j in np.ndindex(*dout.shape):
        window = dx[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        window[:] = (window == np.max(window)) * dout[n, c, i, j]
    return dx
