"""Both passes work on the images as they are, with sums over images, rows and columns, and a closed formula
for dx.
"""

import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum, zeros = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9), np.zeros(x.shape[1])
    running_mean, running_var = bn_param.get("running_mean", zeros), bn_param.get("running_var", zeros)
    column = np.s_[np.newaxis, :, np.newaxis, np.newaxis]
    if bn_param["mode"] == "test":
        x_hat = (x - running_mean[column]) / np.sqrt(running_var + eps)[column]
        return gamma[column] * x_hat + beta[column], None
    mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    std = np.sqrt(var + eps)
    x_hat = (x - mean[column]) / std[column]
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    return gamma[column] * x_hat + beta[column], (x_hat, gamma, std)


def spatial_batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    axes, count = (0, 2, 3), dout.size / dout.shape[1]
    dbeta, dgamma = dout.sum(axis=axes), (dout * x_hat).sum(axis=axes)
    inner = count * dout - dbeta[:, None, None] - x_hat * dgamma[:, None, None]
    return (gamma / std / count)[:, None, None] * inner, dgamma, dbeta
