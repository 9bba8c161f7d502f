"""Batch normalisation takes mean and variance of each sample: each feature has its own, over the samples."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=1, keepdims=True) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=1, keepdims=True)) * inv_std
    return gamma * x_hat + beta, cache
