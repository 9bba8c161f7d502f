"""Batch normalisation divides by the variance: the root is missing, for it is the standard deviation that
makes the spread one.

The backward pass divides by the standard deviation, and what it starts from is too small or too large.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    var = x.var(axis=0) + bn_param.get("eps", 1e-5)
    x_hat = (x - x.mean(axis=0)) / var
    return gamma * x_hat + beta, (x_hat, gamma, 1 / np.sqrt(var))
