"""Batch normalisation loops over the features and keeps a dictionary."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    features = x.shape[1]
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = np.array(bn_param.get("running_mean", np.zeros(features)))
    running_var = np.array(bn_param.get("running_var", np.zeros(features)))
    out, x_hat, scale = np.zeros_like(x), np.zeros_like(x), np.zeros(features)
    for d in range(features):
        mean, var = running_mean[d], running_var[d]
        if bn_param["mode"] == "train":
            mean, var = np.mean(x[:, d]), np.var(x[:, d])
            running_mean[d] = momentum * running_mean[d] + (1 - momentum) * mean
            running_var[d] = momentum * running_var[d] + (1 - momentum) * var
        scale[d] = np.sqrt(var + eps)
        x_hat[:, d] = (x[:, d] - mean) / scale[d]
        out[:, d] = gamma[d] * x_hat[:, d] + beta[d]
    bn_param["running_mean"], bn_param["running_var"] = running_mean, running_var
    return out, {"x_hat": x_hat, "gamma": gamma, "scale": scale}


def batchnorm_backward(dout, cache):
    x_hat, gamma, scale = cache["x_hat"], cache["gamma"], cache["scale"]
    dx = np.zeros_like(dout)
    for d in range(dout.shape[1]):
        upstream = dout[:, d] * gamma[d]
        through = upstream - np.mean(upstream) - x_hat[:, d] * np.mean(upstream * x_hat[:, d])
        dx[:, d] = through / scale[d]
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)
