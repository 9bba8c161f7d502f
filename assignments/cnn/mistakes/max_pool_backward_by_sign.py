"""The gradient of max pooling goes to every positive pixel, as that of a ReLU: only the largest pixel of a window
gets it, whatever its sign.
"""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[window] += (x[window] > 0) * dout[n, c, i, j]
    return dx
