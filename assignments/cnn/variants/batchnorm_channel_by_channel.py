"""Both passes treat each channel alone, as a matrix of one column, and put the pieces together again."""

import numpy as np

from nndl.layers import batchnorm_backward, batchnorm_forward


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    names = [name for name in ("running_mean", "running_var") if name in bn_param]
    outs, caches, states = [], [], []
    for c in range(x.shape[1]):
        state = {**bn_param, **{name: bn_param[name][c : c + 1] for name in names}}
        out, cache = batchnorm_forward(x[:, c].reshape(-1, 1), gamma[c : c + 1], beta[c : c + 1], state)
        outs.append(out.reshape(x[:, c].shape))
        caches.append(cache)
        states.append(state)
    for name in ("running_mean", "running_var"):
        bn_param[name] = np.concatenate([state[name] for state in states])
    return np.stack(outs, axis=1), caches


def spatial_batchnorm_backward(dout, cache):
    pieces = [batchnorm_backward(dout[:, c].reshape(-1, 1), each) for c, each in enumerate(cache)]
    dx = np.stack([piece[0].reshape(dout[:, 0].shape) for piece in pieces], axis=1)
    return dx, np.concatenate([piece[1] for piece in pieces]), np.concatenate([piece[2] for piece in pieces])
