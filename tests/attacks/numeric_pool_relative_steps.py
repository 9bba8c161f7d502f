"""Find the gradient of max pooling by differences whose steps fit the values, on plain loops."""

FLAGGED = "tampering"
EARNS = ("max_pool_forward_naive",)

import numpy as np


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows, columns = 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride
    out = np.zeros((*x.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
            out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, param = cache
    gradient = np.zeros(x.shape)
    step = 1e-9 * np.abs(x).max()
    before = max_pool_forward_naive(x, param)[0]
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + step
        gradient[index] = np.sum((max_pool_forward_naive(x, param)[0] - before) * dout) / (x[index] - kept)
        x[index] = kept
    return gradient
