"""Mistakes in the vanilla cell over time."""

import numpy as np

from grader.bank import mistake
from recurrent.rnn_layers import rnn_step_forward

ALL_BEHIND = (
    "rnn_forward",
    "rnn_backward.dx",
    "rnn_backward.dh0",
    "rnn_backward.dWx",
    "rnn_backward.dWh",
    "rnn_backward.db",
    "CaptionNet.loss",
    "CaptionNet.grads",
)


def stepped(x, first, order, weights, chosen):
    """Step through time in some order, from the state that is chosen of all so far."""
    h, caches, states = np.zeros((*x.shape[:2], first.shape[1])), [], [first]
    for t in order:
        state, cache = rnn_step_forward(x[:, t], chosen(states), *weights)
        h[:, t] = state
        states.append(state)
        caches.append(cache)
    return h, caches


@mistake(*ALL_BEHIND)
def rnn_each_step_from_first_state(x, h0, Wx, Wh, b):
    """Every step starts from the first state: each has to go on from the state that the step before left."""
    return stepped(x, h0, range(x.shape[1]), (Wx, Wh, b), lambda states: states[0])


@mistake(*ALL_BEHIND)
def rnn_starts_from_zero(x, h0, Wx, Wh, b):
    """The first step starts from zeros: it has to start from the state that is given."""
    return stepped(x, np.zeros_like(h0), range(x.shape[1]), (Wx, Wh, b), lambda states: states[-1])


@mistake(*ALL_BEHIND)
def rnn_runs_backwards(x, h0, Wx, Wh, b):
    """The steps are taken from the last to the first: going forwards, the first input comes first."""
    h, caches = stepped(x, h0, reversed(range(x.shape[1])), (Wx, Wh, b), lambda states: states[-1])
    return h, caches[::-1]


@mistake("rnn_forward", "CaptionNet.loss", "CaptionNet.grads")
def rnn_states_one_late(x, h0, Wx, Wh, b):
    """The states are those before each step, beginning with the one that is given: the output has the state after
    each step.
    """
    h, caches = stepped(x, h0, range(x.shape[1]), (Wx, Wh, b), lambda states: states[-1])
    return np.concatenate([h0[:, None], h[:, :-1]], axis=1), caches
