"""Mistakes in the LSTM over time."""

import numpy as np

from grader.bank import mistake
from recurrent.rnn_layers import lstm_step_forward

ALL_BEHIND = (
    "lstm_forward",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.loss",
    "CaptionNet.grads",
)


def stepped(x, h0, c0, weights, chosen):
    """Step through time from the states that are chosen: of the hidden and of the cell states so far."""
    hidden, cells, caches = [h0], [c0], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], *chosen(hidden, cells), *weights)
        hidden.append(h)
        cells.append(c)
        caches.append(cache)
    return np.stack(hidden[1:], axis=1), caches


@mistake(*ALL_BEHIND)
def lstm_forgets_cell_between_steps(x, h0, Wx, Wh, b):
    """The cell state is zero before every step: it is what the LSTM remembers by, and each step goes on with it."""
    return stepped(x, h0, np.zeros_like(h0), (Wx, Wh, b), lambda hidden, cells: (hidden[-1], cells[0]))


@mistake(*ALL_BEHIND)
def lstm_cell_begins_as_hidden(x, h0, Wx, Wh, b):
    """The cell state begins as the hidden state that is given: it begins with zeros."""
    return stepped(x, h0, h0, (Wx, Wh, b), lambda hidden, cells: (hidden[-1], cells[-1]))


@mistake(*ALL_BEHIND)
def lstm_each_step_from_first_hidden(x, h0, Wx, Wh, b):
    """Every step starts from the first hidden state: each has to go on from the one that the step before left."""
    return stepped(x, h0, np.zeros_like(h0), (Wx, Wh, b), lambda hidden, cells: (hidden[0], cells[-1]))
