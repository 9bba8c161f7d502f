"""Unusual spatial batch normalisation, both passes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.bank import variant
from nndl.conv_layers import (
    spatial_batchnorm_backward as right_backward,
    spatial_batchnorm_forward as right_forward,
)
from nndl.layers import batchnorm_backward, batchnorm_forward


@variant()
class batchnorm_on_axes:
    """Both passes work on the images as they are, with sums over images, rows and columns, and a closed
    formula for dx.
    """

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


@variant()
class batchnorm_channel_by_channel:
    """Both passes treat each channel alone, as a matrix of one column, and put the pieces together again."""

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
        return (
            dx,
            np.concatenate([piece[1] for piece in pieces]),
            np.concatenate([piece[2] for piece in pieces]),
        )


@variant()
class batchnorm_flattened_otherwise:
    """The images are flattened channels first, with rows and columns exchanged: any order of the pixels will
    do.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        N, C, H, W = x.shape
        out, cache = batchnorm_forward(x.transpose(1, 0, 3, 2).reshape(C, -1).T, gamma, beta, bn_param)
        return out.T.reshape(C, N, W, H).transpose(1, 0, 3, 2), (cache, x.shape)

    def spatial_batchnorm_backward(dout, cache):
        inner, (N, C, H, W) = cache
        dx, dgamma, dbeta = batchnorm_backward(dout.transpose(1, 0, 3, 2).reshape(C, -1).T, inner)
        return dx.T.reshape(C, N, W, H).transpose(1, 0, 3, 2), dgamma, dbeta


@dataclass(frozen=True)
class _Cache:
    images: Any
    inner: Any


@variant()
class batchnorm_cache_is_a_dataclass:
    """The cache is a frozen dataclass that keeps the images as well."""

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        out, inner = right_forward(x, gamma, beta, bn_param)
        return out, _Cache(images=x, inner=inner)

    def spatial_batchnorm_backward(dout, cache):
        match cache:
            case _Cache(inner=inner):
                return right_backward(dout, inner)


@variant()
class batchnorm_in_float32:
    """Both passes compute in single precision, and the forward pass returns double."""

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        out, cache = right_forward(x.astype("f4"), gamma.astype("f4"), beta.astype("f4"), bn_param)
        return out.astype(np.float64), cache

    def spatial_batchnorm_backward(dout, cache):
        return right_backward(dout.astype("f4"), cache)
