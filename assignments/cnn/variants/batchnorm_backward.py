"""Unusual backward passes of batch normalisation, which spatial batch normalisation is built on."""

import numpy as np

from grader.bank import variant


@variant()
def batchnorm_backward_in_stages(dout, cache):
    """The backward pass walks the graph of the forward pass backwards, one small step at a time."""
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


@variant()
def batchnorm_backward_by_jacobian(dout, cache):
    """The gradient of the input multiplies, channel by channel, by the whole matrix of derivatives."""
    x_hat, gamma, inv_std = cache
    count = len(dout)
    dx = np.empty_like(dout)
    for d in range(dout.shape[1]):
        column = x_hat[:, d : d + 1]
        jacobian = np.eye(count) - 1 / count - column @ column.T / count
        dx[:, d] = gamma[d] * inv_std[d] * jacobian @ dout[:, d]
    return dx, np.einsum("nd,nd->d", dout, x_hat), np.ones(count) @ dout


@variant()
def batchnorm_backward_product_by_product(dout, cache):
    """The whole matrix of derivatives of each channel, product by product in plain Python: a thousand times
    as slow.
    """
    x_hat, gamma, inv_std = cache
    N, D = dout.shape
    dx = np.zeros((N, D))
    for d in range(D):
        scale = gamma[d] * inv_std[d]
        for i in range(N):
            for j in range(N):
                same = 1.0 if i == j else 0.0
                dx[i, d] += scale * (same - 1.0 / N - x_hat[i, d] * x_hat[j, d] / N) * dout[j, d]
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
