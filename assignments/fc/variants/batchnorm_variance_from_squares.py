"""The variance is the mean of the squares less the square of the mean."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    mean = np.mean(x, axis=0)
    inv_std = 1 / np.sqrt(np.mean(x * x, axis=0) - mean**2 + bn_param.get("eps", 1e-5))
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)
