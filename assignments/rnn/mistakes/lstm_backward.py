"""Mistakes on the way back through the LSTM's time."""

import numpy as np

from grader.bank import mistake
from recurrent.rnn_layers import lstm_step_backward

EVERY_GRADIENT = (
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.grads",
)


def back(dh, cache, last_cell=0.0, hidden=lambda own, later: own + later, cell=lambda later: later, add=True):
    """Step back, with rules for what comes into each step at its hidden and at its cell state."""
    later_h, later_c, dx = np.zeros_like(dh[:, 0]), np.zeros_like(dh[:, 0]) + last_cell, []
    sums = [0.0, 0.0, 0.0]
    for t in reversed(range(dh.shape[1])):
        found = lstm_step_backward(hidden(dh[:, t], later_h), cell(later_c), cache[t])
        dx_t, later_h, later_c, *weights = found
        dx.insert(0, dx_t)
        sums = [(each if add else 0.0) + new for each, new in zip(sums, weights, strict=True)]
    return np.stack(dx, axis=1), later_h, *sums


@mistake(*EVERY_GRADIENT)
def lstm_time_cell_not_followed(dh, cache):
    """What comes back at the cell state is not handed on from step to step: the cell state goes through time, too."""
    return back(dh, cache, cell=lambda later: 0 * later)


@mistake(*EVERY_GRADIENT)
def lstm_time_later_hidden_left_out(dh, cache):
    """What comes back at the hidden state from later steps is not added to what comes in from the loss."""
    return back(dh, cache, hidden=lambda own, _: own)


@mistake("lstm_backward.dWx", "lstm_backward.dWh", "lstm_backward.db", "CaptionNet.grads")
def lstm_time_weights_of_one_step(dh, cache):
    """The gradients of weights and biases are those of a single step: the same weights are used in every step, and
    what each says adds up.
    """
    return back(dh, cache, add=False)


@mistake(*EVERY_GRADIENT)
def lstm_time_last_cell_seen_by_loss(dh, cache):
    """What comes in at the last cell state is the gradient of the last hidden state: the loss does not see cell
    states, and nothing comes in there.
    """
    return back(dh, cache, last_cell=dh[:, -1])


@mistake("lstm_backward.dh0", "CaptionNet.grads")
def lstm_time_first_state_seen_by_loss(dh, cache):
    """The gradient of the first hidden state has that of the state after the first step added: the loss does not see
    the first state directly.
    """
    dx, dh0, *others = back(dh, cache)
    return dx, dh0 + dh[:, 0], *others


@mistake("lstm_backward.dx", scope="beyond")
def lstm_time_upstream_overwritten(dh, cache):
    """What comes back from later steps is added into the upstream gradient itself, which belongs to the caller."""
    found = back(dh, cache)
    dh[:, 0] += found[1]
    return found
