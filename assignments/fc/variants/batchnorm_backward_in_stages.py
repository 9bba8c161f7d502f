"""Batch normalisation goes back through its graph node by node."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    centred = x - x.mean(axis=0)
    return out, (centred, gamma, np.sqrt(x.var(axis=0) + bn_param.get("eps", 1e-5)))


def batchnorm_backward(dout, cache):
    centred, gamma, deviation = cache
    count = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * centred / deviation, axis=0)
    dnormalised = dout * gamma
    dinverse = np.sum(dnormalised * centred, axis=0)
    dvariance = -0.5 * dinverse / deviation**3
    dcentred = dnormalised / deviation + 2 * centred * np.ones_like(dout) / count * dvariance
    dmean = -np.sum(dcentred, axis=0)
    return dcentred + np.ones_like(dout) * dmean / count, dgamma, dbeta
