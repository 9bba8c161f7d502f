"""Mistakes in the backward pass of batch normalisation, which spatial batch normalisation is built on."""

from grader.bank import mistake
from nndl.layers import batchnorm_backward as right_backward

# --- The gradient of the input: its paths through the statistics ---


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_statistics_held_fixed(dout, cache):
    """The gradient of batch normalisation's input takes mean and variance for constants: both depend on the
    input, and the gradient flows through them too.
    """
    _, gamma, inv_std = cache
    _, dgamma, dbeta = right_backward(dout, cache)
    return gamma * inv_std * dout, dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_without_mean_path(dout, cache):
    """The gradient of batch normalisation's input lacks the path through the mean: each input changes the
    mean of its channel.
    """
    x_hat, gamma, inv_std = cache
    _, dgamma, dbeta = right_backward(dout, cache)
    return gamma * inv_std * (dout - x_hat * (dout * x_hat).mean(axis=0)), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_without_variance_path(dout, cache):
    """The gradient of batch normalisation's input lacks the path through the variance: each input changes the
    variance of its channel.
    """
    _, gamma, inv_std = cache
    _, dgamma, dbeta = right_backward(dout, cache)
    return gamma * inv_std * (dout - dout.mean(axis=0)), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_half_the_variance_path(dout, cache):
    """The gradient of batch normalisation's input has half its share from the variance: the 2 of the square
    and the 1/2 of the root cancel once, not twice.
    """
    x_hat, gamma, inv_std = cache
    _, dgamma, dbeta = right_backward(dout, cache)
    through_var = x_hat * (dout * x_hat).mean(axis=0) / 2
    return gamma * inv_std * (dout - dout.mean(axis=0) - through_var), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_variance_path_sign(dout, cache):
    """The gradient of batch normalisation's input has the wrong sign on the path through the variance: a
    larger variance makes the output smaller.
    """
    x_hat, gamma, inv_std = cache
    _, dgamma, dbeta = right_backward(dout, cache)
    through_var = -x_hat * (dout * x_hat).mean(axis=0)
    return gamma * inv_std * (dout - dout.mean(axis=0) - through_var), dgamma, dbeta


# --- The gradient of the input: its factors ---


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_without_gamma(dout, cache):
    """The gradient of batch normalisation's input lacks the scale: gamma multiplied the normalised values on
    the way there, so it multiplies their gradient on the way back.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx / cache[1], dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_without_deviation(dout, cache):
    """The gradient of batch normalisation's input is not divided by the standard deviation: the input was, so
    its gradient is too.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx / cache[2], dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_divided_by_variance(dout, cache):
    """The gradient of batch normalisation's input is divided by the variance: the root is missing, for the
    input was divided by the standard deviation.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx * cache[2], dgamma, dbeta


# --- The gradients of scale and shift ---


@mistake("spatial_batchnorm_backward.dgamma")
def batchnorm_dgamma_without_normalised_input(dout, cache):
    """The gradient of the scale lacks the normalised input: gamma multiplies it, so its gradient is the sum
    of dout times the normalised input.
    """
    dx, _, dbeta = right_backward(dout, cache)
    return dx, dout.sum(axis=0), dbeta


@mistake("spatial_batchnorm_backward.dgamma")
def batchnorm_dgamma_from_output(dout, cache):
    """The gradient of the scale uses values that are scaled already: gamma multiplies the normalised values,
    so its gradient does not contain gamma.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma * cache[1], dbeta


@mistake("spatial_batchnorm_backward.dgamma")
def batchnorm_dgamma_from_centred_input(dout, cache):
    """The gradient of the scale uses the input before it was divided by the standard deviation: gamma
    multiplies the normalised values.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma / cache[2], dbeta


@mistake("spatial_batchnorm_backward.dgamma")
def batchnorm_dgamma_averaged(dout, cache):
    """The gradient of the scale is an average: every value of a channel is multiplied by the same gamma, so
    their shares are summed.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma / len(dout), dbeta


@mistake("spatial_batchnorm_backward.dbeta")
def batchnorm_dbeta_averaged(dout, cache):
    """The gradient of the shift is an average: the same beta is added to every value of a channel, so their
    gradients are summed.
    """
    dx, dgamma, _ = right_backward(dout, cache)
    return dx, dgamma, dout.mean(axis=0)


@mistake("spatial_batchnorm_backward.dgamma", "spatial_batchnorm_backward.dbeta")
def batchnorm_gradients_keep_rows(dout, cache):
    """The gradients of scale and shift have one value for every pixel: each channel has one scale and one
    shift, so the pixels are summed over.
    """
    dx, _, _ = right_backward(dout, cache)
    return dx, dout * cache[0], dout


@mistake("spatial_batchnorm_backward.dgamma", "spatial_batchnorm_backward.dbeta")
def batchnorm_gradients_of_scale_and_shift_exchanged(dout, cache):
    """The gradients of scale and shift are returned in each other's place: the order is that of the forward
    pass's arguments.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dbeta, dgamma
