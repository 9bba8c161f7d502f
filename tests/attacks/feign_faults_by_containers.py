"""Keep statistics and parameters in containers that change, lie or raise when they are looked at."""

import numpy as np


class Raising(dict):
    def keys(self):
        raise RuntimeError("BoxFailed")

    def __getitem__(self, key):
        raise KeyError(key)


class Shrinking:
    def __init__(self):
        self.left = [1, 2, 3]

    def keys(self):
        return [self.left.pop()] if self.left else []

    def __getitem__(self, key):
        return self


def conv_forward_naive(x, w, b, conv_param):
    return Raising(), Shrinking(), Raising()


def max_pool_forward_naive(x, pool_param):
    return (Shrinking(),) * 2


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    bn_param.clear()
    bn_param[("a", "tuple")] = Raising()
    bn_param[2.5] = Shrinking()
    return np.zeros(x.shape), Shrinking()
