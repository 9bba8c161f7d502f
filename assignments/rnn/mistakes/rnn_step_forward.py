"""Mistakes in one step of the vanilla cell."""

import numpy as np

from grader.bank import mistake
from recurrent.rnn_layers import sigmoid

ALL_BEHIND = (
    "rnn_step_forward",
    "rnn_step_backward.dx",
    "rnn_step_backward.dprev_h",
    "rnn_step_backward.dWx",
    "rnn_step_backward.dWh",
    "rnn_step_backward.db",
    "rnn_forward",
    "rnn_backward.dx",
    "rnn_backward.dh0",
    "rnn_backward.dWx",
    "rnn_backward.dWh",
    "rnn_backward.db",
    "CaptionNet.loss",
    "CaptionNet.grads",
    "CaptionNet.sample",
)


@mistake(
    "rnn_step_forward",
    "rnn_step_backward.dx",
    "rnn_step_backward.dprev_h",
    "rnn_step_backward.dWx",
    "rnn_step_backward.dWh",
    "rnn_step_backward.db",
    "rnn_forward",
    "rnn_backward.dx",
    "rnn_backward.dh0",
    "rnn_backward.dWx",
    "rnn_backward.dWh",
    "rnn_backward.db",
    "CaptionNet.loss",
    "CaptionNet.grads",
    "CaptionNet.sample",
)
def rnn_step_without_tanh(x, prev_h, Wx, Wh, b):
    """The new state is the affine function itself: the tanh around it is missing, and without it many steps are no
    more than one.
    """
    next_h = x @ Wx + prev_h @ Wh + b
    return next_h, (x, prev_h, Wx, Wh, next_h)


@mistake(*ALL_BEHIND)
def rnn_step_with_sigmoid(x, prev_h, Wx, Wh, b):
    """The new state is a sigmoid, which is never negative: the vanilla cell takes the tanh."""
    next_h = sigmoid(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


@mistake(*ALL_BEHIND)
def rnn_step_without_biases(x, prev_h, Wx, Wh, b):
    """The biases are not added."""
    next_h = np.tanh(x @ Wx + prev_h @ Wh)
    return next_h, (x, prev_h, Wx, Wh, next_h)


@mistake(*ALL_BEHIND)
def rnn_step_forgets_state(x, prev_h, Wx, Wh, b):
    """The state before the step has no part in the new one: a cell without memory."""
    next_h = np.tanh(x @ Wx + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


@mistake(*ALL_BEHIND)
def rnn_step_weights_transposed(x, prev_h, Wx, Wh, b):
    """The state's weights are transposed. They are square, so that NumPy does not mind: the state is the row, and
    the weights stand behind it.
    """
    next_h = np.tanh(x @ Wx + prev_h @ Wh.T + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)
