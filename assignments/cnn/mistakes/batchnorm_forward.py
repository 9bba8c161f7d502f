"""Mistakes in the forward pass of batch normalisation, which spatial batch normalisation is built on."""

import numpy as np

from grader.bank import mistake
from nndl.layers import batchnorm_forward as right_forward

NORMALISED = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
STATISTICS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)


# --- How train mode normalises ---


@mistake(*NORMALISED)
def batchnorm_mean_not_subtracted(x, gamma, beta, bn_param):
    """Batch normalisation scales the batch but does not centre it: the mean is subtracted before the
    division.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    x_hat = x * cache[2]
    return gamma * x_hat + beta, (x_hat, gamma, cache[2])


@mistake(*NORMALISED)
def batchnorm_divides_by_variance(x, gamma, beta, bn_param):
    """Batch normalisation divides by the variance: the root is missing, for it is the standard deviation that
    makes the spread one.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / (x.var(axis=0) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake(*NORMALISED)
def batchnorm_forward_divides_by_variance(x, gamma, beta, bn_param):
    """The forward pass of batch normalisation divides by the variance, and the backward pass by the standard
    deviation: the root belongs into both, for then the spread becomes one.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    var = x.var(axis=0) + bn_param.get("eps", 1e-5)
    x_hat = (x - x.mean(axis=0)) / var
    return gamma * x_hat + beta, (x_hat, gamma, 1 / np.sqrt(var))


@mistake(*NORMALISED)
def batchnorm_unbiased_variance(x, gamma, beta, bn_param):
    """Batch normalisation divides by a slightly too large deviation: the variance of the batch is the mean of
    the squares, divided by their number and not by one less.

    ddof=1, the default of other libraries.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=0, ddof=1) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake(*NORMALISED)
def batchnorm_trains_on_history(x, gamma, beta, bn_param):
    """In train mode batch normalisation uses the running statistics: they are for test mode, while training
    normalises with the batch's own.
    """
    right_out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return right_out, cache
    inv_std = 1 / np.sqrt(bn_param["running_var"] + bn_param.get("eps", 1e-5))
    x_hat = (x - bn_param["running_mean"]) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake(*NORMALISED)
def batchnorm_across_channels(x, gamma, beta, bn_param):
    """Spatial batch normalisation normalises each pixel over its channels: the statistics are those of one
    channel, over the batch and over all places.

    That is layer normalisation of each pixel. The running statistics are right here, so that only the output
    shows it.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    x_hat = (x - mean) / (var + bn_param.get("eps", 1e-5)) ** 0.5
    return gamma * x_hat + beta, (x_hat, gamma, cache[2])


@mistake(
    "spatial_batchnorm_forward.train",
    *STATISTICS,
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
def batchnorm_one_mean_for_all_channels(x, gamma, beta, bn_param):
    """Spatial batch normalisation uses one mean and one variance for all channels: every channel has its own.

    mean() and var() without an axis.
    """
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, bn_param)
    momentum, mean, var = bn_param.get("momentum", 0.9), x.mean(), x.var()
    for name, batch in (("running_mean", mean), ("running_var", var)):
        before = bn_param.get(name, np.zeros(x.shape[1]))
        bn_param[name] = momentum * before + (1 - momentum) * batch
    inv_std = np.full(x.shape[1], 1 / np.sqrt(var + bn_param.get("eps", 1e-5)))
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


# --- Eps ---


@mistake("spatial_batchnorm_forward.train")
def batchnorm_without_eps(x, gamma, beta, bn_param):
    """Batch normalisation leaves out eps: it is added to the variance under the root, so that a channel of
    one colour does not divide by zero.

    An error of 1e-7 to 1e-5 with the default eps; an eps of 1e-3 exposes it.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / np.sqrt(x.var(axis=0))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_backward.dx")
def batchnorm_eps_outside_root(x, gamma, beta, bn_param):
    """Batch normalisation adds eps to the standard deviation: it belongs to the variance, under the root."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    inv_std = 1 / (x.std(axis=0) + bn_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_eps_fixed(x, gamma, beta, bn_param):
    """Batch normalisation always adds 1e-5: how much to add stands in bn_param, and 1e-5 is only what holds
    where it does not.
    """
    state = {**bn_param, "eps": 1e-5}
    out, cache = right_forward(x, gamma, beta, state)
    bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test", scope="beyond")
def batchnorm_eps_smaller(x, gamma, beta, bn_param):
    """Batch normalisation adds 1e-8 where bn_param does not name eps: the default of this layer is 1e-5.

    1e-8 is the eps of the update rules. On the assignment's own images both vanish in rounding.
    """
    bn_param.setdefault("eps", 1e-8)
    return right_forward(x, gamma, beta, bn_param)


# --- Scale and shift ---


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_without_gamma(x, gamma, beta, bn_param):
    """Batch normalisation does not scale its output: the normalised values are multiplied by gamma before
    beta is added.
    """
    out, _ = right_forward(x, np.ones_like(gamma), beta, bn_param)
    mean, var = x.mean(axis=0), x.var(axis=0)
    inv_std = 1 / np.sqrt(var + bn_param.get("eps", 1e-5))
    return out, ((x - mean) * inv_std, gamma, inv_std)


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_without_beta(x, gamma, beta, bn_param):
    """Batch normalisation does not shift its output: beta is added at the end."""
    return right_forward(x, gamma, np.zeros_like(beta), bn_param)


@mistake("spatial_batchnorm_forward.train")
def batchnorm_train_mode_without_gamma(x, gamma, beta, bn_param):
    """In train mode batch normalisation does not scale its output, in test mode it does: gamma multiplies the
    normalised values in both.
    """
    param = dict(bn_param)
    out, cache = right_forward(x, gamma, beta, bn_param)
    if param["mode"] == "train":
        out, _ = right_forward(x, np.ones_like(gamma), beta, param)
    return out, cache


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_shift_before_scale(x, gamma, beta, bn_param):
    """Batch normalisation scales its shift as well: gamma multiplies the normalised values only, and beta is
    added after that.
    """
    return right_forward(x, gamma, gamma * beta, bn_param)


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_scale_and_shift_exchanged(x, gamma, beta, bn_param):
    """Batch normalisation multiplies by beta and adds gamma: gamma is the scale, beta the shift."""
    out, _ = right_forward(x, beta, gamma, dict(bn_param))
    return out, right_forward(x, gamma, beta, bn_param)[1]


# --- The running statistics: their update ---


@mistake(*STATISTICS)
def batchnorm_momentum_reversed(x, gamma, beta, bn_param):
    """The running statistics move too fast: momentum is the share of the past that is kept, and the batch
    gets the rest.

    The other convention gives the batch the share that momentum names.
    """
    state = {**bn_param, "momentum": 1 - bn_param.get("momentum", 0.9)}
    out, cache = right_forward(x, gamma, beta, state)
    bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache


@mistake("spatial_batchnorm_forward.running_var")
def batchnorm_momentum_reversed_for_variance(x, gamma, beta, bn_param):
    """The running variance moves too fast: momentum is the share of the past that is kept, for the variance
    as for the mean.
    """
    state = {**bn_param, "momentum": 1 - bn_param.get("momentum", 0.9)}
    right_forward(x, gamma, beta, state)
    out, cache = right_forward(x, gamma, beta, bn_param)
    bn_param["running_var"] = state["running_var"]
    return out, cache


@mistake(*STATISTICS)
def batchnorm_momentum_fixed(x, gamma, beta, bn_param):
    """The running statistics always keep nine tenths of the past: how much they keep stands in bn_param."""
    state = {**bn_param, "momentum": 0.9}
    out, cache = right_forward(x, gamma, beta, state)
    bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache


@mistake(*STATISTICS)
def batchnorm_statistics_replaced(x, gamma, beta, bn_param):
    """The running statistics are those of the last batch: each step blends them into the history instead of
    replacing it.
    """
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param.update(running_mean=x.mean(axis=0), running_var=x.var(axis=0))
    return out, cache


@mistake(*STATISTICS)
def batchnorm_history_forgotten(x, gamma, beta, bn_param):
    """The running statistics hold the share of the last batch only: the share of the past that momentum keeps
    is missing.

    The averages start from zeros at every call, because they are not read from bn_param.
    """
    if bn_param["mode"] == "train":
        bn_param.pop("running_mean", None)
        bn_param.pop("running_var", None)
    return right_forward(x, gamma, beta, bn_param)


@mistake(*STATISTICS)
def batchnorm_history_added_up(x, gamma, beta, bn_param):
    """The running statistics grow with every step: what the past keeps and what the batch adds are shares
    that make one whole.

    The batch's statistics are added in full, without their factor 1 - momentum.
    """
    momentum = bn_param.get("momentum", 0.9)
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_mean"] = bn_param["running_mean"] + momentum * x.mean(axis=0)
        bn_param["running_var"] = bn_param["running_var"] + momentum * x.var(axis=0)
    return out, cache


@mistake(*STATISTICS)
def batchnorm_history_not_shrunk(x, gamma, beta, bn_param):
    """The running statistics grow with every step: before the batch's share is added, the past is multiplied
    by momentum.
    """
    before = {name: bn_param.get(name, 0) for name in ("running_mean", "running_var")}
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        for name, value in before.items():
            bn_param[name] = bn_param[name] + (1 - bn_param.get("momentum", 0.9)) * value
    return out, cache


# --- The running statistics: what they start from, hold and keep ---


@mistake(*STATISTICS)
def batchnorm_statistics_not_stored(x, gamma, beta, bn_param):
    """The running statistics never change: train mode has to store what it computed back in bn_param.

    They are computed into local variables and forgotten.
    """
    return right_forward(x, gamma, beta, dict(bn_param))


@mistake("spatial_batchnorm_forward.running_mean")
def batchnorm_mean_not_stored(x, gamma, beta, bn_param):
    """The running mean never changes: train mode has to store it back in bn_param, as it does with the
    running variance.
    """
    state = dict(bn_param)
    out, cache = right_forward(x, gamma, beta, state)
    bn_param["running_var"] = state["running_var"]
    return out, cache


@mistake(*STATISTICS)
def batchnorm_statistics_exchanged(x, gamma, beta, bn_param):
    """Running mean and running variance are stored under each other's name."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        mean, var = bn_param["running_mean"], bn_param["running_var"]
        bn_param.update(running_mean=var, running_var=mean)
    return out, cache


@mistake("spatial_batchnorm_forward.running_var")
def batchnorm_running_deviation(x, gamma, beta, bn_param):
    """The running variance averages standard deviations: it must be an average of variances, for test mode
    takes its root.
    """
    momentum, before = bn_param.get("momentum", 0.9), bn_param.get("running_var", np.zeros(x.shape[1]))
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_var"] = momentum * before + (1 - momentum) * x.std(axis=0)
    return out, cache


@mistake("spatial_batchnorm_forward.running_var")
def batchnorm_running_variance_unbiased(x, gamma, beta, bn_param):
    """The running variance is slightly too large: it averages the variances that normalise the batches,
    divided by the number of values and not by one less.
    """
    momentum, before = bn_param.get("momentum", 0.9), bn_param.get("running_var", np.zeros(x.shape[1]))
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_var"] = momentum * before + (1 - momentum) * x.var(axis=0, ddof=1)
    return out, cache


@mistake(*STATISTICS)
def batchnorm_history_starts_with_first_batch(x, gamma, beta, bn_param):
    """The running statistics start as those of the first batch: where bn_param has none yet, they start from
    zeros.

    Sensible, but not what the docstring says; only the steps from nothing show it.
    """
    if bn_param["mode"] == "train":
        bn_param.setdefault("running_mean", x.mean(axis=0))
        bn_param.setdefault("running_var", x.var(axis=0))
    return right_forward(x, gamma, beta, bn_param)


@mistake("spatial_batchnorm_forward.running_var")
def batchnorm_running_variance_starts_at_one(x, gamma, beta, bn_param):
    """The running variance starts at one: where bn_param has none yet, it starts from zeros as the mean does.

    What some libraries do, but not what the docstring says; only the steps from nothing show it.
    """
    bn_param.setdefault("running_var", np.ones(x.shape[1]))
    return right_forward(x, gamma, beta, bn_param)


@mistake(*STATISTICS)
def batchnorm_updates_in_test_mode(x, gamma, beta, bn_param):
    """Test mode changes the running statistics: they are learnt in training and only used afterwards."""
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        right_forward(x, gamma, beta, (state := {**bn_param, "mode": "train"}))
        bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache


# --- Test mode ---


@mistake("spatial_batchnorm_forward.test")
def batchnorm_tests_on_batch(x, gamma, beta, bn_param):
    """Test mode normalises with the statistics of the batch: it must use the running ones, so that the answer
    for an image does not depend on its neighbours.
    """
    state = {**bn_param, "mode": "train"}
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, state)
    return right_forward(x, gamma, beta, bn_param)


@mistake("spatial_batchnorm_forward.test")
def batchnorm_test_mode_only_normalises(x, gamma, beta, bn_param):
    """Test mode returns the normalised values: scale and shift apply there as well."""
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return right_forward(x, np.ones_like(gamma), np.zeros_like(beta), bn_param)


@mistake("spatial_batchnorm_forward.test")
def batchnorm_test_mode_only_centres(x, gamma, beta, bn_param):
    """Test mode subtracts the running mean and stops there: it divides by the root of the running variance as
    well.
    """
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return gamma * (x - bn_param["running_mean"]) + beta, None


@mistake("spatial_batchnorm_forward.test")
def batchnorm_test_mode_without_eps(x, gamma, beta, bn_param):
    """Test mode leaves out eps: it is added to the running variance too."""
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    x_hat = (x - bn_param["running_mean"]) / np.sqrt(bn_param["running_var"])
    return gamma * x_hat + beta, None


@mistake("spatial_batchnorm_forward.test")
def batchnorm_test_mode_without_root(x, gamma, beta, bn_param):
    """Test mode divides by the running variance: the root is missing."""
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    x_hat = (x - bn_param["running_mean"]) / (bn_param["running_var"] + bn_param.get("eps", 1e-5))
    return gamma * x_hat + beta, None


@mistake("spatial_batchnorm_forward.test")
def batchnorm_test_mode_raises(x, gamma, beta, bn_param):
    """Test mode uses a variable that only train mode sets: the running statistics are all it needs."""
    if bn_param["mode"] == "train":
        x_hat = right_forward(x, gamma, beta, bn_param)[1][0]
        inv_std = 1 / (x.var(axis=0) + bn_param.get("eps", 1e-5)) ** 0.5
    else:
        normalised = (x - bn_param["running_mean"]) / (
            bn_param["running_var"] + bn_param.get("eps", 1e-5)
        ) ** 0.5
        return gamma * normalised + beta, (x_hat, gamma, inv_std)
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)
