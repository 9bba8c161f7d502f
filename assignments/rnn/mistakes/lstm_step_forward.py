"""Mistakes in one step of the LSTM."""

import numpy as np

from grader.bank import mistake
from recurrent.rnn_layers import sigmoid

BOTH_STATES = (
    "lstm_step_forward.next_h",
    "lstm_step_forward.next_c",
    "lstm_step_backward.dx",
    "lstm_step_backward.dprev_h",
    "lstm_step_backward.dprev_c",
    "lstm_step_backward.dWx",
    "lstm_step_backward.dWh",
    "lstm_step_backward.db",
    "lstm_forward",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.loss",
    "CaptionNet.grads",
    "CaptionNet.sample",
)
HIDDEN_STATE = (
    "lstm_step_forward.next_h",
    "lstm_step_backward.dx",
    "lstm_step_backward.dprev_h",
    "lstm_step_backward.dprev_c",
    "lstm_step_backward.dWx",
    "lstm_step_backward.dWh",
    "lstm_step_backward.db",
    "lstm_forward",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.loss",
    "CaptionNet.grads",
    "CaptionNet.sample",
)


def step(x, prev_h, prev_c, Wx, Wh, b, order="ifog", candidates=np.tanh, shown=np.tanh, kept=None):
    """Run a step with the four blocks of activations in some order; `kept` says what the cell state becomes."""
    blocks = dict(zip(order, np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1), strict=True))
    i, f, o = (sigmoid(blocks[name]) for name in "ifo")
    g = candidates(blocks["g"])
    next_c = f * prev_c + i * g if kept is None else kept(i, f, g, prev_c)
    out = shown(next_c)
    return o * out, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, out)


@mistake(*BOTH_STATES)
def lstm_candidates_before_output_gate(x, prev_h, prev_c, Wx, Wh, b):
    """The last two blocks are exchanged: the third is the output gate, and the candidates come last."""
    return step(x, prev_h, prev_c, Wx, Wh, b, order="ifgo")


@mistake(*BOTH_STATES)
def lstm_forget_gate_first(x, prev_h, prev_c, Wx, Wh, b):
    """The first two blocks are exchanged: the first is the input gate, and the second the forget gate."""
    return step(x, prev_h, prev_c, Wx, Wh, b, order="fiog")


@mistake(*BOTH_STATES)
def lstm_candidates_by_sigmoid(x, prev_h, prev_c, Wx, Wh, b):
    """The candidates are sigmoids like the gates: they are a tanh, so that a cell can also count down."""
    return step(x, prev_h, prev_c, Wx, Wh, b, candidates=sigmoid)


@mistake(*HIDDEN_STATE)
def lstm_cell_state_shown_as_it_is(x, prev_h, prev_c, Wx, Wh, b):
    """The hidden state is the output gate times the cell state: the tanh of the cell state belongs there."""
    return step(x, prev_h, prev_c, Wx, Wh, b, shown=lambda c: c)


@mistake(*BOTH_STATES)
def lstm_keeps_everything(x, prev_h, prev_c, Wx, Wh, b):
    """The cell state before is kept whole: the forget gate says how much of it is."""
    return step(x, prev_h, prev_c, Wx, Wh, b, kept=lambda i, _, g, c: c + i * g)


@mistake(*BOTH_STATES)
def lstm_lets_everything_in(x, prev_h, prev_c, Wx, Wh, b):
    """The candidates are let in whole: the input gate says how much of them is."""
    return step(x, prev_h, prev_c, Wx, Wh, b, kept=lambda _, f, g, c: f * c + g)
