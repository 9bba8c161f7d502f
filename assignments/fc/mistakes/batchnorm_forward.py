"""Mistakes in the forward pass of batch normalisation."""

import numpy as np

from grader.bank import mistake
from nndl.layers import batchnorm_forward as right_forward

# --- How train mode normalises ---


@mistake("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
def batchnorm_divides_by_variance(x, gamma, beta, bn_param):
    """Batch normalisation divides by the variance: by its root a feature gets deviation one."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / (x.var(axis=0) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, cache


@mistake(
    "batchnorm_forward.train",
    "batchnorm_backward.dx",
    "batchnorm_backward.dgamma",
    "FullyConnectedNet.batchnorm",
)
def batchnorm_unbiased_variance(x, gamma, beta, bn_param):
    """Batch normalisation divides the squares by one less than the batch: its variance is the plain average
    of squares.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=0, ddof=1) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
def batchnorm_over_features(x, gamma, beta, bn_param):
    """Batch normalisation takes mean and variance of each sample: each feature has its own, over the samples."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=1, keepdims=True) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=1, keepdims=True)) * inv_std
    return gamma * x_hat + beta, cache


@mistake("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
def batchnorm_without_eps(x, gamma, beta, bn_param):
    """Batch normalisation leaves out eps: it is added to the variance under the root, so that a feature that
    never changes does not divide by zero.

    Hardly to be seen with the default eps; one of 1e-3 exposes it.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=0))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake("batchnorm_forward.train", "batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
def batchnorm_eps_outside_root(x, gamma, beta, bn_param):
    """Batch normalisation adds eps to the deviation: it belongs to the variance, under the root."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / (x.std(axis=0) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


# --- Scale and shift ---


@mistake("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
def batchnorm_without_scale(x, gamma, beta, bn_param):
    """In train mode the output is not scaled by gamma."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    x_hat = cache[0]
    return x_hat + beta, cache


@mistake("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
def batchnorm_without_shift(x, gamma, beta, bn_param):
    """In train mode the output is not shifted by beta."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    x_hat = cache[0]
    return gamma * x_hat, cache


# --- The running averages ---


@mistake("batchnorm_forward.running_mean", "batchnorm_forward.running_var", "FullyConnectedNet.batchnorm")
def batchnorm_momentum_reversed(x, gamma, beta, bn_param):
    """The running averages move too fast: momentum is the share of the past that is kept, and the batch gets
    the rest.
    """
    state = {**bn_param, "momentum": 1 - bn_param.get("momentum", 0.9)}
    out, cache = right_forward(x, gamma, beta, state)
    bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache


@mistake("batchnorm_forward.running_mean", "batchnorm_forward.running_var", "FullyConnectedNet.batchnorm")
def batchnorm_history_forgotten(x, gamma, beta, bn_param):
    """The running averages are those of the last batch: they keep a share of the past."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param.update(running_mean=x.mean(axis=0), running_var=x.var(axis=0))
    return out, cache


@mistake("batchnorm_forward.running_mean", "FullyConnectedNet.batchnorm")
def batchnorm_running_mean_not_updated(x, gamma, beta, bn_param):
    """The running mean stays where it began: each step in train mode moves it towards the mean of the batch."""
    before = bn_param.get("running_mean", 0 * gamma)
    result = right_forward(x, gamma, beta, bn_param)
    bn_param["running_mean"] = before
    return result


@mistake("batchnorm_forward.running_var", "FullyConnectedNet.batchnorm")
def batchnorm_running_deviation(x, gamma, beta, bn_param):
    """The running variance is an average of deviations: it is one of variances."""
    before = bn_param.get("running_var", 0 * gamma)
    result = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        keep = bn_param.get("momentum", 0.9)
        bn_param["running_var"] = keep * before + (1 - keep) * np.sqrt(x.var(axis=0))
    return result


@mistake("batchnorm_forward.running_mean", "batchnorm_forward.running_var")
def batchnorm_updates_in_test_mode(x, gamma, beta, bn_param):
    """Test mode moves the running averages: it only uses what training has left."""
    result = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        keep = bn_param.get("momentum", 0.9)
        bn_param["running_mean"] = keep * bn_param["running_mean"] + (1 - keep) * x.mean(axis=0)
        bn_param["running_var"] = keep * bn_param["running_var"] + (1 - keep) * x.var(axis=0)
    return result


# --- Test mode ---


@mistake("batchnorm_forward.test", "FullyConnectedNet.batchnorm")
def batchnorm_tests_on_the_batch(x, gamma, beta, bn_param):
    """Test mode normalises with the batch's own mean and variance: it uses the running averages."""
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return right_forward(x, gamma, beta, {**bn_param, "mode": "train"})


@mistake("batchnorm_forward.test", "FullyConnectedNet.batchnorm")
def batchnorm_test_mode_only_normalises(x, gamma, beta, bn_param):
    """Test mode normalises and stops: scale and shift belong to it as to train mode."""
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return right_forward(x, 1 + 0 * gamma, 0 * beta, bn_param)


@mistake("batchnorm_forward.test", "FullyConnectedNet.batchnorm")
def batchnorm_test_mode_without_eps(x, gamma, beta, bn_param):
    """Test mode leaves out eps, which belongs under the root as in train mode."""
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    with np.errstate(all="ignore"):
        x_hat = (x - bn_param["running_mean"]) / np.sqrt(bn_param["running_var"])
    return gamma * x_hat + beta, None


# --- What belongs to the caller ---


@mistake("batchnorm_forward.train", scope="beyond")
def batchnorm_in_place(x, gamma, beta, bn_param):
    """Batch normalisation overwrites its input, which belongs to the caller: work on a new array."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    x -= x.mean(axis=0)
    return out, cache
