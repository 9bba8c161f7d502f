"""Layers of recurrent networks: the vanilla cell, the LSTM, word vectors, and the loss of a sequence.

Shapes: N sequences of T steps; D entries of each input, H of a hidden state, V words.
"""

import numpy as np


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), also where exp(-x) is too large for a number."""
    return 0.5 * (1 + np.tanh(0.5 * x))


# --- The vanilla cell -------------------------------------------------------------------------------------------------


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """Run one step of a vanilla cell: the tanh of an affine function of the input and of the state before.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        The inputs of this step.
    prev_h : ndarray, shape (N, H)
        The hidden states before it.
    Wx : ndarray, shape (D, H)
        Weights of the input.
    Wh : ndarray, shape (H, H)
        Weights of the state.
    b : ndarray, shape (H,)
        Biases.

    Returns
    -------
    next_h : ndarray, shape (N, H)
        The hidden states after it.
    cache
        Whatever the backward pass needs.
    """
    next_h, cache = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the new states as "next_h", and what you will need to go
    #   backwards as "cache".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    """Go back through one step of a vanilla cell.

    Parameters
    ----------
    dnext_h : ndarray, shape (N, H)
        Gradient of the loss with respect to the states after the step.
    cache
        From rnn_step_forward.

    Returns
    -------
    dx, dprev_h, dWx, dWh, db : ndarrays
        Gradients of the loss with respect to the step's arguments, each in the shape of that argument.
    """
    dx, dprev_h, dWx, dWh, db = None, None, None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the five gradients under the names above.
    #   Hint: what is the derivative of the tanh, in terms of its value?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    """Run a vanilla cell over sequences, with the same weights at every step.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
        The inputs.
    h0 : ndarray, shape (N, H)
        The states before the first step.
    Wx, Wh, b : ndarrays
        As in rnn_step_forward.

    Returns
    -------
    h : ndarray, shape (N, T, H)
        The states after each step.
    cache
        Whatever the backward pass needs.
    """
    h, cache = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Step through time, and store the states as "h" and what you will
    #   need as "cache".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return h, cache


def rnn_backward(dh, cache):
    """Go back through all steps of a vanilla cell.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each state as it left the cell. What reaches a state by way of later
        states is not in it.
    cache
        From rnn_forward.

    Returns
    -------
    dx, dh0, dWx, dWh, db : ndarrays
        Gradients of the loss with respect to the arguments of rnn_forward, each in the shape of that argument.
    """
    dx, dh0, dWx, dWh, db = None, None, None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Step back through time, and store the five gradients under the
    #   names above.
    #   Hint: each state is used twice, by what comes after the layer and
    #   by the next step; and the weights are used once in every step.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dh0, dWx, dWh, db


# --- Words --------------------------------------------------------------------------------------------------------


def word_embedding_forward(x, W):
    """Put the vector of each word in the word's place.

    Parameters
    ----------
    x : ndarray of ints, shape (N, T)
        Words by their numbers, each at least 0 and less than V.
    W : ndarray, shape (V, D)
        The vector of each word.

    Returns
    -------
    out : ndarray, shape (N, T, D)
        The vectors.
    cache
        Whatever the backward pass needs.
    """
    out, cache = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the vectors as "out", and what you will need as "cache".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return out, cache


def word_embedding_backward(dout, cache):
    """Go back from the vectors of the words in some sequences to those of all words there are.

    Parameters
    ----------
    dout : ndarray, shape (N, T, D)
        Gradient of the loss with respect to the output.
    cache
        From word_embedding_forward.

    Returns
    -------
    dW : ndarray, shape (V, D)
        Gradient of the loss with respect to the vectors of all words.
    """
    dW = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the gradient as "dW".
    #   Hint: what if a word comes twice?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dW


# --- The LSTM -----------------------------------------------------------------------------------------------------


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """Run one step of an LSTM.

    Its activations are x Wx + prev_h Wh + b. Of their 4H columns the first H belong to the input gate i, the second to
    the forget gate f, the third to the output gate o and the last to the candidates g. Gates are sigmoids of their
    activations, and candidates the tanh.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        The inputs of this step.
    prev_h, prev_c : ndarrays, shape (N, H)
        The hidden states and the cell states before it.
    Wx : ndarray, shape (D, 4H)
        Weights of the input.
    Wh : ndarray, shape (H, 4H)
        Weights of the hidden state.
    b : ndarray, shape (4H,)
        Biases.

    Returns
    -------
    next_h, next_c : ndarrays, shape (N, H)
        The hidden states and the cell states after it. A cell state is what f keeps of the one before, and what i
        lets in of g; a hidden state is what o lets out of the tanh of the cell state.
    cache
        Whatever the backward pass needs.
    """
    next_h, next_c, cache = None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the new states as "next_h" and "next_c", and what you will
    #   need as "cache".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    """Go back through one step of an LSTM.

    Parameters
    ----------
    dnext_h, dnext_c : ndarrays, shape (N, H)
        Gradients of the loss with respect to both states after the step. What reaches the cell state by way of the
        hidden state of the same step is not in dnext_c.
    cache
        From lstm_step_forward.

    Returns
    -------
    dx, dprev_h, dprev_c, dWx, dWh, db : ndarrays
        Gradients of the loss with respect to the step's arguments, each in the shape of that argument.
    """
    dx, dprev_h, dprev_c, dWx, dWh, db = None, None, None, None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the six gradients under the names above.
    #   Hint: the new cell state goes on to the next step, and it makes
    #   the hidden state. First add up what comes back on both ways.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    """Run an LSTM over sequences; before the first step the cell states are zero.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
        The inputs.
    h0 : ndarray, shape (N, H)
        The hidden states before the first step.
    Wx, Wh, b : ndarrays
        As in lstm_step_forward.

    Returns
    -------
    h : ndarray, shape (N, T, H)
        The hidden states after each step.
    cache
        Whatever the backward pass needs.
    """
    h, cache = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Step through time, and store the hidden states as "h" and what
    #   you will need as "cache".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return h, cache


def lstm_backward(dh, cache):
    """Go back through all steps of an LSTM.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each hidden state as it left the cell. What reaches a state by way of
        later steps is not in it.
    cache
        From lstm_forward.

    Returns
    -------
    dx, dh0, dWx, dWh, db : ndarrays
        Gradients of the loss with respect to the arguments of lstm_forward, each in the shape of that argument.
    """
    dx, dh0, dWx, dWh, db = None, None, None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Step back through time, and store the five gradients under the
    #   names above.
    #   Hint: which of the two states does the loss see directly?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dh0, dWx, dWh, db


# --- From states to words ---------------------------------------------------------------------------------------------


def temporal_affine_forward(x, w, b):
    """Apply one affine layer at every step: shapes (N, T, D), (D, M) and (M,) to (N, T, M). It is given."""
    return x @ w + b, (x, w)


def temporal_affine_backward(dout, cache):
    """Go back through the affine layer of every step. It is given."""
    x, w = cache
    return dout @ w.T, np.tensordot(x, dout, axes=([0, 1], [0, 1])), dout.sum(axis=(0, 1))


def temporal_softmax_loss(x, y, mask):
    """Compute the softmax loss of a word at every step, where words count.

    Parameters
    ----------
    x : ndarray, shape (N, T, V)
        The score of each word at each step; they may be large.
    y : ndarray of ints, shape (N, T)
        The right word at each step.
    mask : ndarray of bools, shape (N, T)
        Which words count.

    Returns
    -------
    loss : float
        The negative logarithms of the probabilities of the right words that count, added up over steps and averaged
        over the N sequences.
    dx : ndarray, shape (N, T, V)
        Gradient of the loss with respect to the scores.
    """
    loss, dx = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store loss and gradient as "loss" and "dx".
    #   Hint: a number may be added to all scores of a step. Which one
    #   keeps every exponential from being too large?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dx
