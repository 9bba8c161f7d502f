"""Mistakes on the way back through one step of the LSTM."""

import numpy as np

from grader.bank import mistake

EVERY_GRADIENT = (
    "lstm_step_backward.dx",
    "lstm_step_backward.dprev_h",
    "lstm_step_backward.dprev_c",
    "lstm_step_backward.dWx",
    "lstm_step_backward.dWh",
    "lstm_step_backward.db",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.grads",
)
THROUGH_GATES = (
    "lstm_step_backward.dx",
    "lstm_step_backward.dprev_h",
    "lstm_step_backward.dWx",
    "lstm_step_backward.dWh",
    "lstm_step_backward.db",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.grads",
)
THROUGH_CELL_STATE = (
    "lstm_step_backward.dprev_c",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.grads",
)


def into_cell(dnext_h, dnext_c, cache):
    """Return what reaches the new cell state, on both ways."""
    o, shown = cache[7], cache[9]
    return dnext_c + dnext_h * o * (1 - shown**2)


def gradients(dc, do, cache, slopes=None, candidates=None):
    """Return the six gradients for those of the cell state and of the output gate."""
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, _ = cache
    slopes = [each * (1 - each) for each in (i, f, o)] if slopes is None else slopes
    candidates = 1 - g**2 if candidates is None else candidates
    blocks = [dc * g * slopes[0], dc * prev_c * slopes[1], do * slopes[2], dc * i * candidates]
    da = np.hstack(blocks)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


@mistake(*EVERY_GRADIENT)
def lstm_back_cell_not_reached_by_hidden(dnext_h, dnext_c, cache):
    """What comes back at the hidden state does not reach the cell state: the hidden state is made of it, too."""
    return gradients(dnext_c, dnext_h * cache[9], cache)


@mistake(*EVERY_GRADIENT)
def lstm_back_cell_reached_by_hidden_alone(dnext_h, dnext_c, cache):
    """What comes back at the cell state itself is left out: it also goes on to the next step."""
    return gradients(into_cell(dnext_h, 0, cache), dnext_h * cache[9], cache)


@mistake(*EVERY_GRADIENT)
def lstm_back_without_tanh_of_cell(dnext_h, dnext_c, cache):
    """On the way from the hidden state to the cell state the derivative of the tanh is missing."""
    return gradients(dnext_c + dnext_h * cache[7], dnext_h * cache[9], cache)


@mistake(*THROUGH_GATES)
def lstm_back_output_gate_times_cell(dnext_h, dnext_c, cache):
    """The gradient of the output gate is made with the cell state: the gate was multiplied by the tanh of it."""
    _, _, prev_c, _, _, i, f, _, g, _ = cache
    return gradients(into_cell(dnext_h, dnext_c, cache), dnext_h * (f * prev_c + i * g), cache)


@mistake(*THROUGH_GATES)
def lstm_back_gates_without_sigmoid(dnext_h, dnext_c, cache):
    """The derivatives of the sigmoids are missing, in all three gates."""
    dc = into_cell(dnext_h, dnext_c, cache)
    return gradients(dc, dnext_h * cache[9], cache, slopes=(1, 1, 1))


@mistake(
    "lstm_step_backward.dx",
    "lstm_step_backward.dprev_h",
    "lstm_step_backward.dWx",
    "lstm_step_backward.dWh",
    "lstm_step_backward.db",
    "lstm_backward.dx",
    "lstm_backward.dh0",
    "lstm_backward.dWx",
    "lstm_backward.dWh",
    "lstm_backward.db",
    "CaptionNet.grads",
)
def lstm_back_candidates_by_sigmoid(dnext_h, dnext_c, cache):
    """The candidates' derivative is that of a sigmoid: they come from a tanh."""
    g = cache[8]
    dc = into_cell(dnext_h, dnext_c, cache)
    return gradients(dc, dnext_h * cache[9], cache, candidates=g * (1 - g))


@mistake(*THROUGH_CELL_STATE)
def lstm_back_cell_not_forgotten(dnext_h, dnext_c, cache):
    """The gradient of the cell state before lacks the forget gate: only what it kept comes back."""
    dc = into_cell(dnext_h, dnext_c, cache)
    dx, dprev_h, _, *others = gradients(dc, dnext_h * cache[9], cache)
    return dx, dprev_h, dc, *others


@mistake(*THROUGH_CELL_STATE)
def lstm_back_cell_from_next_cell_alone(dnext_h, dnext_c, cache):
    """The gradient of the cell state before is made of that of the cell state after alone: what comes by way of the
    hidden state belongs to it, too.
    """
    dx, dprev_h, _, *others = gradients(into_cell(dnext_h, dnext_c, cache), dnext_h * cache[9], cache)
    return dx, dprev_h, dnext_c * cache[6], *others


@mistake(*THROUGH_GATES)
def lstm_back_candidates_before_output_gate(dnext_h, dnext_c, cache):
    """The last two blocks are exchanged on the way back: they come in the order of the activations, candidates last."""
    x, prev_h, _, Wx, Wh, *_ = cache
    dprev_c, db = gradients(into_cell(dnext_h, dnext_c, cache), dnext_h * cache[9], cache)[2], []
    one = np.eye(len(x))
    for n in range(len(x)):
        alone = one[:, n : n + 1]
        dc, do = into_cell(dnext_h, dnext_c, cache) * alone, dnext_h * cache[9] * alone
        db.append(gradients(dc, do, cache)[5])
    i, f, o, g = np.split(np.array(db), 4, axis=1)
    da = np.hstack([i, f, g, o])
    return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, da.sum(axis=0)


@mistake("lstm_step_backward.dWh", "lstm_backward.dWh", "CaptionNet.grads")
def lstm_back_state_weights_averaged(dnext_h, dnext_c, cache):
    """The gradient of the state's weights is averaged over the sequences: each of them adds to it."""
    dc = into_cell(dnext_h, dnext_c, cache)
    dx, dprev_h, dprev_c, dWx, dWh, db = gradients(dc, dnext_h * cache[9], cache)
    return dx, dprev_h, dprev_c, dWx, dWh / len(dx), db


@mistake("lstm_step_backward.db", "lstm_backward.db", "CaptionNet.grads")
def lstm_back_biases_averaged(dnext_h, dnext_c, cache):
    """The gradient of the biases is averaged over the sequences: each of them adds to it."""
    dc = into_cell(dnext_h, dnext_c, cache)
    *others, db = gradients(dc, dnext_h * cache[9], cache)
    return *others, db / len(dc)
