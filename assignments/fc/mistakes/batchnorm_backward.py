"""Mistakes in the backward pass of batch normalisation."""

from grader.bank import mistake
from nndl.layers import batchnorm_backward as right_backward

# --- The gradient of the input ---


@mistake("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
def batchnorm_dx_statistics_held_fixed(dout, cache):
    """The gradient of the input takes mean and variance as given numbers: they depend on every sample, too."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    _, gamma, inv_std = cache
    return 0 * dx + gamma * inv_std * dout, dgamma, dbeta


@mistake("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
def batchnorm_dx_without_mean_path(dout, cache):
    """The gradient of the input lacks the path through the mean."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    _, gamma, inv_std = cache
    return dx + gamma * inv_std * dbeta / len(dout), dgamma, dbeta


@mistake("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
def batchnorm_dx_without_variance_path(dout, cache):
    """The gradient of the input lacks the path through the variance."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    x_hat, gamma, inv_std = cache
    return dx + gamma * inv_std * x_hat * dgamma / len(dout), dgamma, dbeta


@mistake("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
def batchnorm_dx_without_scale(dout, cache):
    """The gradient of the input lacks the factor gamma."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx / cache[1], dgamma, dbeta


# --- The gradients of scale and shift ---


@mistake("batchnorm_backward.dgamma", "FullyConnectedNet.batchnorm")
def batchnorm_dgamma_without_normalised_input(dout, cache):
    """The gradient of the scale is only a sum of upstream gradients: gamma multiplies the normalised input."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma * 0 + dout.sum(axis=0), dbeta


@mistake("batchnorm_backward.dbeta", "FullyConnectedNet.batchnorm")
def batchnorm_dbeta_averaged(dout, cache):
    """The gradient of the shift is an average: beta is added to every sample, so their gradients add up."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma, dbeta / len(dout)


@mistake("batchnorm_backward.dgamma", "batchnorm_backward.dbeta", "FullyConnectedNet.batchnorm")
def batchnorm_dgamma_and_dbeta_exchanged(dout, cache):
    """The gradients of scale and shift come in the wrong order."""
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dbeta, dgamma
