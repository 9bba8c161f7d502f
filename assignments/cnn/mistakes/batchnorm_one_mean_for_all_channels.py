"""Spatial batch normalisation uses one mean and one variance for all channels: every channel has its own.

mean() and var() without an axis.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, bn_param)
    momentum, mean, var = bn_param.get("momentum", 0.9), x.mean(), x.var()
    for name, batch in (("running_mean", mean), ("running_var", var)):
        before = bn_param.get(name, np.zeros(x.shape[1]))
        bn_param[name] = momentum * before + (1 - momentum) * batch
    inv_std = np.full(x.shape[1], 1 / np.sqrt(var + bn_param.get("eps", 1e-5)))
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)
