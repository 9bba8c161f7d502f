"""The gradient of max pooling reaches a pixel only if it is the largest of all channels: each channel is
pooled by itself.
"""

import numpy as np

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = np.s_[i * stride : i * stride + height], np.s_[j * stride : j * stride + width]
        dx[n, c, rows, columns] += (x[n, c, rows, columns] == np.max(x[n, :, rows, columns])) * dout[
            n, c, i, j
        ]
    return dx
