"""Dropout draws from a binomial distribution with a generator of its own, and keeps its mask as whole numbers."""

import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x.copy(), (dropout_param, None)
    kept = np.random.default_rng(dropout_param.get("seed")).binomial(1, p, size=x.shape)
    return x * kept / p, (dropout_param, kept)


def dropout_backward(dout, cache):
    dropout_param, kept = cache
    if dropout_param["mode"] == "train":
        dout = dout * kept / dropout_param["p"]
    return dout
