"""Mistakes in the network that writes captions."""

import numpy as np

from grader.bank import mistake
from recurrent.captioning import CaptionNet as RightNet
from recurrent.rnn_layers import (
    lstm_backward,
    lstm_forward,
    lstm_step_forward,
    rnn_backward,
    rnn_forward,
    rnn_step_forward,
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
    word_embedding_backward,
    word_embedding_forward,
)

BOTH = ("CaptionNet.loss", "CaptionNet.grads")
NULL, START = 0, 1


def loss_of(net, features, read, asked, counts, through=lambda h: h):
    """Return loss and gradients for the words that are read, asked for, and counted."""
    p, grads = net.params, {}
    forward, backward = (rnn_forward, rnn_backward) if net.cell == "rnn" else (lstm_forward, lstm_backward)
    h0 = through(features @ p["W_proj"] + p["b_proj"])
    x, embedding = word_embedding_forward(read, p["W_embed"])
    h, cell = forward(x, h0, p["Wx"], p["Wh"], p["b"])
    scores, affine = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
    loss, dscores = temporal_softmax_loss(scores, asked, counts)
    dh, grads["W_vocab"], grads["b_vocab"] = temporal_affine_backward(dscores, affine)
    dx, dh0, grads["Wx"], grads["Wh"], grads["b"] = backward(dh, cell)
    grads["W_embed"] = word_embedding_backward(dx, embedding)
    grads["W_proj"], grads["b_proj"] = features.T @ dh0, dh0.sum(axis=0)
    return loss, grads


def write(
    net, features, length, first=START, word=lambda best, _: best, hidden=lambda h, _: h, cell=lambda c: c
):
    """Write captions, with rules for the word that is read next and for the states before each step."""
    p, captions = net.params, []
    start = h = features @ p["W_proj"] + p["b_proj"]
    c, words = np.zeros_like(h), np.full(len(features), first)
    for _ in range(length):
        h, c, x = hidden(h, start), cell(c), p["W_embed"][words]
        if net.cell == "rnn":
            h, _ = rnn_step_forward(x, h, p["Wx"], p["Wh"], p["b"])
        else:
            h, c, _ = lstm_step_forward(x, h, c, p["Wx"], p["Wh"], p["b"])
        scores = h @ p["W_vocab"] + p["b_vocab"]
        captions.append(scores.argmax(axis=1))
        words = word(captions[-1], words)
    return np.stack(captions, axis=1)


# --- Loss and gradients -------------------------------------------------------------------------------------------


@mistake("CaptionNet.loss", "CaptionNet.grads")
class captions_ask_for_word_read(RightNet):
    """The network is asked for the word that it reads, and not for the one after it: it would learn to repeat."""

    def loss(self, features, captions):
        read = captions[:, :-1]
        return loss_of(self, features, read, read, read != NULL)


@mistake("CaptionNet.loss", "CaptionNet.grads")
class captions_count_null(RightNet):
    """What fills captions up counts like a word: where the network is asked for nothing, nothing counts."""

    def loss(self, features, captions):
        return loss_of(
            self, features, captions[:, :-1], captions[:, 1:], np.ones(captions[:, 1:].shape, bool)
        )


@mistake("CaptionNet.loss", "CaptionNet.grads")
class captions_masked_by_word_read(RightNet):
    """What counts is decided by the word that is read: it is decided by the one that is asked for, which is a step
    ahead.
    """

    def loss(self, features, captions):
        return loss_of(self, features, captions[:, :-1], captions[:, 1:], captions[:, :-1] != NULL)


@mistake("CaptionNet.loss", "CaptionNet.grads")
class captions_tanh_around_projection(RightNet):
    """The first state is the tanh of the projected features: it is the affine function itself."""

    def loss(self, features, captions):
        asked = captions[:, 1:]
        return loss_of(self, features, captions[:, :-1], asked, asked != NULL, through=np.tanh)


@mistake("CaptionNet.loss", "CaptionNet.grads")
class captions_without_features(RightNet):
    """The first state is zero: without the features every scene has the same caption."""

    def loss(self, features, captions):
        asked = captions[:, 1:]
        return loss_of(self, features, captions[:, :-1], asked, asked != NULL, through=np.zeros_like)


@mistake("CaptionNet.grads")
class captions_projection_biases_averaged(RightNet):
    """The gradient of the projection's biases is averaged over the captions: the loss is averaged already."""

    def loss(self, features, captions):
        loss, grads = RightNet.loss(self, features, captions)
        return loss, grads | {"b_proj": grads["b_proj"] / len(features)}


@mistake("CaptionNet.grads")
class captions_embedding_not_trained(RightNet):
    """There is no gradient of the word vectors: they are parameters like any other."""

    def loss(self, features, captions):
        loss, grads = RightNet.loss(self, features, captions)
        grads.pop("W_embed")
        return loss, grads


@mistake("CaptionNet.grads")
class captions_weights_of_cell_exchanged(RightNet):
    """The weights of the cell have each other's gradients: the input's come before the state's."""

    def loss(self, features, captions):
        loss, grads = RightNet.loss(self, features, captions)
        return loss, grads | {"Wx": grads["Wh"], "Wh": grads["Wx"]}


# --- Writing ------------------------------------------------------------------------------------------------------


@mistake("CaptionNet.sample")
class captions_read_start_again(RightNet):
    """Every step reads the first word again: each reads the word that the step before has written."""

    def sample(self, features, length=10):
        return write(self, features, length, word=lambda _, first: first)


@mistake("CaptionNet.sample")
class captions_begin_with_null(RightNet):
    """The first word that is read is the one that fills captions up: writing begins like every caption."""

    def sample(self, features, length=10):
        return write(self, features, length, first=NULL)


@mistake("CaptionNet.sample")
class captions_state_not_carried(RightNet):
    """Every step starts from the state that the features make: each has to go on from the state that the one before
    left.
    """

    def sample(self, features, length=10):
        return write(self, features, length, hidden=lambda _, start: start)


@mistake("CaptionNet.sample")
class captions_forget_cell_state(RightNet):
    """The LSTM's cell state is zero before every word: it has to be carried from word to word like the hidden state."""

    def sample(self, features, length=10):
        return write(self, features, length, cell=np.zeros_like)


@mistake("CaptionNet.sample")
class captions_written_with_start(RightNet):
    """The captions contain the word that was read first, and one word less was written: only what is written counts."""

    def sample(self, features, length=10):
        first = np.full((len(features), 1), START)
        return np.hstack([first, write(self, features, length - 1)])
