"""The gradient of the input multiplies, channel by channel, by the whole matrix of derivatives."""

import numpy as np


def batchnorm_backward(dout, cache):
    x_hat, gamma, inv_std = cache
    count = len(dout)
    dx = np.empty_like(dout)
    for d in range(dout.shape[1]):
        column = x_hat[:, d : d + 1]
        jacobian = np.eye(count) - 1 / count - column @ column.T / count
        dx[:, d] = gamma[d] * inv_std[d] * jacobian @ dout[:, d]
    return dx, np.einsum("nd,nd->d", dout, x_hat), np.ones(count) @ dout
