"""Unusual forward passes of batch normalisation, which spatial batch normalisation is built on."""

import numpy as np

from grader.bank import variant
from nndl.layers import batchnorm_forward as right_forward


@variant()
def batchnorm_variance_from_squares(x, gamma, beta, bn_param):
    """The variance is the mean of the squares less the square of the mean."""
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    for name in ("running_mean", "running_var"):
        bn_param.setdefault(name, np.zeros(x.shape[1]))
    if bn_param["mode"] == "test":
        return gamma * (x - bn_param["running_mean"]) * (bn_param["running_var"] + eps) ** -0.5 + beta, None
    mean = np.add.reduce(x) / len(x)
    var = np.add.reduce(x * x) / len(x) - mean * mean
    bn_param["running_mean"] = bn_param["running_mean"] - (1 - momentum) * (bn_param["running_mean"] - mean)
    bn_param["running_var"] = bn_param["running_var"] - (1 - momentum) * (bn_param["running_var"] - var)
    x_hat = (x - mean) / (var + eps) ** 0.5
    return gamma * x_hat + beta, (x_hat, gamma, (var + eps) ** -0.5)


@variant()
def batchnorm_updates_in_place(x, gamma, beta, bn_param):
    """The running statistics are changed inside their own arrays where there are such."""
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, bn_param)
    momentum = bn_param.get("momentum", 0.9)
    out, cache = right_forward(x, gamma, beta, dict(bn_param))
    for name, batch in (("running_mean", x.mean(axis=0)), ("running_var", x.var(axis=0))):
        if name not in bn_param:
            bn_param[name] = np.zeros(x.shape[1])
        bn_param[name] *= momentum
        bn_param[name] += (1 - momentum) * batch
    return out, cache


@variant()
def batchnorm_keeps_more_in_bn_param(x, gamma, beta, bn_param):
    """bn_param also carries the batch's own statistics, counts and defaults, and nothing is stored in test
    mode.
    """
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, dict(bn_param))
    bn_param["eps"] = bn_param.get("eps", 1e-5)
    bn_param["momentum"] = bn_param.get("momentum", 0.9)
    bn_param["steps"] = bn_param.get("steps", 0) + 1
    bn_param["last_batch"] = {"mean": x.mean(axis=0), "var": x.var(axis=0)}
    return right_forward(x, gamma, beta, bn_param)
