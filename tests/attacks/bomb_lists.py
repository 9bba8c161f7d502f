"""Answer with lists that are small themselves and huge as an array: of texts, of ragged arrays, of one array often."""

EARNS = ("conv_backward_naive.db",)

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    return ["a" * 8_000] + [""] * 60_000, None


def max_pool_forward_naive(x, pool_param):
    return [np.zeros((500, 500)), np.zeros((500, 499))] * 8, None


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    return [["b" * 20_000, 1.0]] * 30_000, [np.zeros((500, 500))] * 400


def conv_backward_naive(dout, cache):
    return ["c" * 100_000] * 2 + [0.0] * 50_000, dout, dout.sum(axis=(0, 2, 3))


def max_pool_backward_naive(dout, cache):
    return [["d" * 5_000] + [""] * 40_000]
