"""The forward pass of batch normalisation divides by the variance, and the backward pass by the standard deviation:
the root belongs into both, for then the spread becomes one.
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
