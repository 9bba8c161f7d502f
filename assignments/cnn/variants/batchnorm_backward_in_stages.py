"""The backward pass walks the graph of the forward pass backwards, one small step at a time."""

import numpy as np


def batchnorm_backward(dout, cache):
    x_hat, gamma, inv_std = cache
    count = len(dout)
    centred = x_hat / inv_std
    dgamma, dbeta = np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)
    dx_hat = dout * gamma
    dinv_std = np.sum(dx_hat * centred, axis=0)
    dcentred = dx_hat * inv_std
    dstd = -dinv_std * inv_std**2
    dvar = 0.5 * dstd * inv_std
    dsquare = np.ones_like(dout) * dvar / count
    dcentred = dcentred + 2 * centred * dsquare
    dmean = -np.sum(dcentred, axis=0)
    return dcentred + np.ones_like(dout) * dmean / count, dgamma, dbeta
