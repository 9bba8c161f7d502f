"""The forward pass loops over the places in a window and keeps the larger of two shifted images."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows, columns = 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride
    out = np.full((*x.shape[:2], rows, columns), -np.inf)
    for i, j in np.ndindex(height, width):
        np.maximum(out, x[:, :, i : i + rows * stride : stride, j : j + columns * stride : stride], out=out)
    return out, (x, pool_param)
