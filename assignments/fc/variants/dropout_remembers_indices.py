"""Dropout remembers which elements it dropped, not a mask."""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, ())
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    dropped = np.nonzero(np.random.uniform(size=x.shape) > dropout_param["p"])
    out = x / dropout_param["p"]
    out[dropped] = 0
    return out, (dropout_param, dropped)


def dropout_backward(dout, cache):
    dropout_param, dropped = cache
    if dropout_param["mode"] == "test":
        return dout
    dx = dout / dropout_param["p"]
    dx[dropped] = 0
    return dx
