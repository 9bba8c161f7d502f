"""Batch normalisation overwrites its input, which belongs to the caller: work on a new array."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.train",)
SCOPE = "beyond"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    x -= x.mean(axis=0)
    return out, cache
