"""The variance is the mean of the squares less the square of the mean."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
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
