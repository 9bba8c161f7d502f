"""Mistakes on the way back through one step of the vanilla cell."""

import numpy as np

from grader.bank import mistake

EVERY_GRADIENT = (
    "rnn_step_backward.dx",
    "rnn_step_backward.dprev_h",
    "rnn_step_backward.dWx",
    "rnn_step_backward.dWh",
    "rnn_step_backward.db",
    "rnn_backward.dx",
    "rnn_backward.dh0",
    "rnn_backward.dWx",
    "rnn_backward.dWh",
    "rnn_backward.db",
    "CaptionNet.grads",
)
THROUGH_STATE = (
    "rnn_step_backward.dprev_h",
    "rnn_backward.dx",
    "rnn_backward.dh0",
    "rnn_backward.dWx",
    "rnn_backward.dWh",
    "rnn_backward.db",
    "CaptionNet.grads",
)


def gradients(da, cache):
    """Return the five gradients for that of the activations."""
    x, prev_h, Wx, Wh, _ = cache
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


@mistake(*EVERY_GRADIENT)
def rnn_back_without_tanh(dnext_h, cache):
    """The derivative of the tanh is missing: what comes back at the state has to pass it before it reaches the
    affine function.
    """
    return gradients(dnext_h, cache)


@mistake(*EVERY_GRADIENT)
def rnn_back_tanh_not_squared(dnext_h, cache):
    """The derivative of the tanh is taken for one minus its value: it is one minus the square of the value."""
    return gradients(dnext_h * (1 - cache[4]), cache)


@mistake(*EVERY_GRADIENT)
def rnn_back_sigmoid_derivative(dnext_h, cache):
    """The derivative is that of a sigmoid, value times one minus value: the state comes from a tanh."""
    return gradients(dnext_h * cache[4] * (1 - cache[4]), cache)


@mistake(*THROUGH_STATE)
def rnn_back_weights_not_transposed(dnext_h, cache):
    """The gradient of the state before takes the state's weights as they are: on the way back they are transposed.
    They are square, so that NumPy does not mind.
    """
    da = dnext_h * (1 - cache[4] ** 2)
    dx, _, *others = gradients(da, cache)
    return dx, da @ cache[3], *others


@mistake("rnn_step_backward.dWh", "rnn_backward.dWh", "CaptionNet.grads")
def rnn_back_state_weights_from_new_state(dnext_h, cache):
    """The gradient of the state's weights is made with the state after the step: the one before it was multiplied by
    them.
    """
    da = dnext_h * (1 - cache[4] ** 2)
    dx, dprev_h, dWx, _, db = gradients(da, cache)
    return dx, dprev_h, dWx, cache[4].T @ da, db


@mistake("rnn_step_backward.dWh", "rnn_backward.dWh", "CaptionNet.grads")
def rnn_back_state_weights_transposed(dnext_h, cache):
    """The gradient of the state's weights is transposed: rows belong to the state before, columns to the one after."""
    dx, dprev_h, dWx, dWh, db = gradients(dnext_h * (1 - cache[4] ** 2), cache)
    return dx, dprev_h, dWx, dWh.T, db


@mistake("rnn_step_backward.dWx", "rnn_backward.dWx", "CaptionNet.grads")
def rnn_back_input_weights_averaged(dnext_h, cache):
    """The gradient of the input's weights is averaged over the sequences: each of them adds to it, and an average,
    if any, comes with the loss.
    """
    dx, dprev_h, dWx, dWh, db = gradients(dnext_h * (1 - cache[4] ** 2), cache)
    return dx, dprev_h, dWx / len(dx), dWh, db


@mistake("rnn_step_backward.db", "rnn_backward.db", "CaptionNet.grads")
def rnn_back_biases_averaged(dnext_h, cache):
    """The gradient of the biases is averaged over the sequences: each of them adds to it, and an average, if any,
    comes with the loss.
    """
    dx, dprev_h, dWx, dWh, db = gradients(dnext_h * (1 - cache[4] ** 2), cache)
    return dx, dprev_h, dWx, dWh, db / len(dx)


@mistake("rnn_step_backward.db", "rnn_backward.db", "CaptionNet.grads")
def rnn_back_biases_without_tanh(dnext_h, cache):
    """The gradient of the biases is the sum of what came in: it has to pass the derivative of the tanh first, as for
    the other gradients.
    """
    dx, dprev_h, dWx, dWh, _ = gradients(dnext_h * (1 - cache[4] ** 2), cache)
    return dx, dprev_h, dWx, dWh, np.sum(dnext_h, axis=0)
