"""Batch normalisation leaves out eps: it is added to the variance under the root, so that a feature that
never changes does not divide by zero.

Hardly to be seen with the default eps; one of 1e-3 exposes it.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=0))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)
