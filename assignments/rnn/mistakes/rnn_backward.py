"""Mistakes on the way back through time."""

import numpy as np

from grader.bank import mistake
from recurrent.rnn_layers import rnn_step_backward

EVERY_GRADIENT = (
    "rnn_backward.dx",
    "rnn_backward.dh0",
    "rnn_backward.dWx",
    "rnn_backward.dWh",
    "rnn_backward.db",
    "CaptionNet.grads",
)


def back(dh, cache, incoming=lambda own, later: own + later, total=lambda sums, new: sums + new):
    """Step back, with rules for what comes into a step and for what becomes of the gradients of weights."""
    later, dx, sums = np.zeros_like(dh[:, 0]), [], [0.0, 0.0, 0.0]
    for t in reversed(range(dh.shape[1])):
        dx_t, later, *weights = rnn_step_backward(incoming(dh[:, t], later), cache[t])
        dx.insert(0, dx_t)
        sums = [total(each, new) for each, new in zip(sums, weights, strict=True)]
    return np.stack(dx, axis=1), later, *sums


@mistake(*EVERY_GRADIENT)
def rnn_time_later_steps_left_out(dh, cache):
    """What comes back from later steps is not added to what comes in at each state: a state is used twice, by the
    loss and by the next step.
    """
    return back(dh, cache, incoming=lambda own, _: own)


@mistake(*EVERY_GRADIENT)
def rnn_time_only_last_state(dh, cache):
    """Only the gradient at the last state is followed back: the loss sees every state."""
    only = np.zeros_like(dh)
    only[:, -1] = dh[:, -1]
    return back(only, cache)


@mistake("rnn_backward.dWx", "rnn_backward.dWh", "rnn_backward.db", "CaptionNet.grads")
def rnn_time_weights_of_one_step(dh, cache):
    """The gradients of weights and biases are those of a single step: the same weights are used in every step, and
    what each says adds up.
    """
    return back(dh, cache, total=lambda _, new: new)


@mistake("rnn_backward.dWx", "rnn_backward.dWh", "rnn_backward.db", "CaptionNet.grads")
def rnn_time_weights_averaged(dh, cache):
    """The gradients of weights and biases are averaged over the steps: the same weights are used in every step, and
    what each says adds up.
    """
    dx, dh0, *weights = back(dh, cache)
    return dx, dh0, *(each / dh.shape[1] for each in weights)


@mistake("rnn_backward.dx", "CaptionNet.grads")
def rnn_time_inputs_reversed(dh, cache):
    """The gradients of the inputs are in the order in which they were found, last step first: each belongs at its
    own step.
    """
    dx, *others = back(dh, cache)
    return dx[:, ::-1], *others


@mistake("rnn_backward.dh0", "CaptionNet.grads")
def rnn_time_first_state_seen_by_loss(dh, cache):
    """The gradient of the first state has that of the state after the first step added: the loss does not see the
    first state directly.
    """
    dx, dh0, *others = back(dh, cache)
    return dx, dh0 + dh[:, 0], *others


@mistake("rnn_backward.dx", scope="beyond")
def rnn_time_upstream_overwritten(dh, cache):
    """What comes back from later steps is added into the upstream gradient itself, which belongs to the caller."""
    found = back(dh, cache)
    dh[:, 0] += found[1]
    return found
