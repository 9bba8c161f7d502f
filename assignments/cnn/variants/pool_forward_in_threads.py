"""Each image of max pooling has a thread of its own."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride
    out = np.zeros((*x.shape[:2], H_out, W_out), dtype=x.dtype)

    def pool(n):
        for i, j in np.ndindex(H_out, W_out):
            top, left = i * stride, j * stride
            out[n, :, i, j] = x[n, :, top : top + height, left : left + width].max(axis=(1, 2))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(pool, range(len(x))))
    return out, (x, pool_param)
