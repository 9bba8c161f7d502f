"""The running averages are updated in place, and made where they are missing."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mean = bn_param.setdefault("running_mean", np.zeros(x.shape[1]))
    var = bn_param.setdefault("running_var", np.zeros(x.shape[1]))
    cache = None
    if bn_param["mode"] == "train":
        keep = bn_param.get("momentum", 0.9)
        mean *= keep
        mean += (1 - keep) * x.mean(0)
        var *= keep
        var += (1 - keep) * x.var(0)
        mean, var = x.mean(0), x.var(0)
    inv_std = (var + bn_param.get("eps", 1e-5)) ** -0.5
    x_hat = (x - mean) * inv_std
    if bn_param["mode"] == "train":
        cache = (x_hat, gamma, inv_std)
    return x_hat * gamma + beta, cache
