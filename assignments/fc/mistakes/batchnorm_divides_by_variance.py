"""Batch normalisation divides by the variance: by its root a feature gets deviation one."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / (x.var(axis=0) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, cache
