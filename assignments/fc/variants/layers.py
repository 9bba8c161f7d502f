"""Unusual layers and losses."""

import math

import numpy as np

from grader.bank import variant
from nndl.layers import batchnorm_forward as right_forward

# --- Affine layer and ReLU ---


@variant()
class affine_by_einsum:
    """The affine layer is an einsum, forward and backward."""

    def affine_forward(x, w, b):
        flat = x.reshape(x.shape[0], -1)
        return np.einsum("nd,dm->nm", flat, w) + b, (x, w, b)

    def affine_backward(dout, cache):
        x, w, _ = cache
        dx = np.einsum("nm,dm->nd", dout, w).reshape(x.shape)
        return dx, np.einsum("nd,nm->dm", x.reshape(x.shape[0], -1), dout), np.einsum("nm->m", dout)


@variant()
class affine_sample_by_sample:
    """The affine layer loops over samples and units."""

    def affine_forward(x, w, b):
        out = np.zeros((x.shape[0], w.shape[1]))
        for n in range(x.shape[0]):
            for m in range(w.shape[1]):
                out[n, m] = np.dot(x[n].ravel(), w[:, m]) + b[m]
        return out, (x, w, b)

    def affine_backward(dout, cache):
        x, w, b = cache
        dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
        for n in range(x.shape[0]):
            for m in range(w.shape[1]):
                dx[n] += dout[n, m] * w[:, m].reshape(x[n].shape)
                dw[:, m] += dout[n, m] * x[n].ravel()
                db[m] += dout[n, m]
        return dx, dw, db


@variant()
class affine_product_by_product:
    """Both passes of the affine layer as plain Python loops over every single product."""

    def affine_forward(x, w, b):
        rows = x.reshape(len(x), -1)
        out = np.zeros((len(x), len(b)))
        for n, m in np.ndindex(out.shape):
            for d in range(len(w)):
                out[n, m] += rows[n, d] * w[d, m]
            out[n, m] += b[m]
        return out, (x, w, b)

    def affine_backward(dout, cache):
        x, w, _ = cache
        rows = x.reshape(len(x), -1)
        dx, dw = np.zeros(rows.shape), np.zeros(w.shape)
        for n, m in np.ndindex(dout.shape):
            for d in range(len(w)):
                dx[n, d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * rows[n, d]
        return dx.reshape(x.shape), dw, dout.sum(axis=0)


@variant()
class relu_by_product:
    """The ReLU is a product with a mask."""

    def relu_forward(x):
        return x * (x > 0), x

    def relu_backward(dout, cache):
        mask = 1.0 * (cache > 0)
        return mask * dout


@variant(replaces="relu_backward")
def relu_gives_half_at_zero(dout, cache):
    """The gradient of the ReLU at exactly zero is another one between zero and one."""
    return dout * np.heaviside(cache, 0.5)


@variant()
class layers_caches_otherwise:
    """The layers keep what they like in their caches: a mask, a list, flattened samples, a dictionary."""

    def relu_forward(x):
        mask = x > 0
        return np.where(mask, x, 0), {"mask": mask}

    def relu_backward(dout, cache):
        return np.where(cache["mask"], dout, 0.0)

    def affine_forward(x, w, b):
        flat = x.reshape(x.shape[0], np.prod(x.shape[1:]))
        return np.dot(flat, w) + b.reshape(1, -1), [flat, w, x.shape]

    def affine_backward(dout, cache):
        flat, w, shape = cache
        return np.dot(dout, w.T).reshape(shape), np.dot(flat.T, dout), np.sum(dout, axis=0)


# --- Losses ---


@variant(replaces="softmax_loss")
def softmax_with_one_hot_labels(x, y):
    """The softmax loss writes its labels as a matrix of zeros and ones."""
    labels = np.eye(x.shape[1])[y]
    logs = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
    return -np.sum(labels * logs) / len(x), (np.exp(logs) - labels) / len(x)


@variant()
class losses_sample_by_sample:
    """Both losses go through the samples one by one."""

    def softmax_loss(x, y):
        loss, dx = 0.0, np.zeros_like(x)
        for n in range(x.shape[0]):
            scores = x[n] - max(x[n])
            total = sum(math.exp(score) for score in scores)
            loss += (math.log(total) - scores[y[n]]) / x.shape[0]
            for c in range(x.shape[1]):
                dx[n, c] = (math.exp(scores[c]) / total - (c == y[n])) / x.shape[0]
        return loss, dx

    def svm_loss(x, y):
        loss, dx = 0.0, np.zeros_like(x)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                margin = x[n, c] - x[n, y[n]] + 1
                if c != y[n] and margin > 0:
                    loss += margin
                    dx[n, c] += 1
                    dx[n, y[n]] -= 1
        return loss / x.shape[0], dx / x.shape[0]


# --- Batch normalisation ---


@variant(replaces="batchnorm_forward")
def batchnorm_variance_from_squares(x, gamma, beta, bn_param):
    """The variance is the mean of the squares less the square of the mean."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    mean = np.mean(x, axis=0)
    inv_std = 1 / np.sqrt(np.mean(x * x, axis=0) - mean**2 + bn_param.get("eps", 1e-5))
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@variant(replaces="batchnorm_forward")
def batchnorm_updates_in_place(x, gamma, beta, bn_param):
    """The running averages are updated in place, and made where they are missing."""
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


@variant()
class batchnorm_backward_in_stages:
    """Batch normalisation goes back through its graph node by node."""

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


@variant()
class batchnorm_feature_by_feature:
    """Batch normalisation loops over the features and keeps a dictionary."""

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


# --- Dropout ---


@variant()
class dropout_remembers_indices:
    """Dropout remembers which elements it dropped, not a mask."""

    def dropout_forward(x, dropout_param):
        if dropout_param["mode"] == "test":
            return x, (dropout_param, ())
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        dropped = np.nonzero(np.random.uniform(size=x.shape) > dropout_param["p"])
        out = x / dropout_param["p"]
        out[dropped] = 0
        return out, (dropout_param, dropped)

    def dropout_backward(dout, cache):
        dropout_param, dropped = cache
        if dropout_param["mode"] == "test":
            return dout
        dx = dout / dropout_param["p"]
        dx[dropped] = 0
        return dx


@variant()
class dropout_draws_binomially:
    """Dropout draws from a binomial distribution with a generator of its own, and keeps its mask as whole
    numbers.
    """

    def dropout_forward(x, dropout_param):
        p = dropout_param["p"]
        if dropout_param["mode"] == "test":
            return x.copy(), (dropout_param, None)
        kept = np.random.default_rng(dropout_param.get("seed")).binomial(1, p, size=x.shape)
        return x * kept / p, (dropout_param, kept)

    def dropout_backward(dout, cache):
        dropout_param, kept = cache
        if dropout_param["mode"] == "train":
            dout = dout * kept / dropout_param["p"]
        return dout


@variant()
class dropout_p_is_what_is_dropped:
    """p is the probability to drop an element, as other courses have it, everywhere alike."""

    def dropout_forward(x, dropout_param):
        p, mode = dropout_param["p"], dropout_param["mode"]
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        if mode == "test":
            return x, (dropout_param, None)
        mask = (np.random.rand(*x.shape) >= p) / (1 - p)
        return x * mask, (dropout_param, mask)

    def dropout_backward(dout, cache):
        dropout_param, mask = cache
        return dout * mask if dropout_param["mode"] == "train" else dout
