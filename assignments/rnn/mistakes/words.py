"""Mistakes in word vectors."""

import numpy as np

from grader.bank import mistake


@mistake("word_embedding_forward", "CaptionNet.loss", "CaptionNet.grads", replaces="word_embedding_forward")
def words_one_row_off(x, W):
    """Each word gets the vector of the one before it: words are counted from zero."""
    return W[x - 1], (x, W.shape)


@mistake("word_embedding_forward", "CaptionNet.loss", "CaptionNet.grads", replaces="word_embedding_forward")
def words_first_axes_exchanged(x, W):
    """Sequences and steps are exchanged."""
    return W[x.T].reshape(*x.shape, -1), (x, W.shape)


@mistake("word_embedding_backward", "CaptionNet.grads", replaces="word_embedding_backward")
def words_overwrite_repeated(dout, cache):
    """Where a word comes several times, only the last time counts: assigning, or adding, at a list of places touches
    each place once. Every time that a word was used has to add to its gradient.
    """
    x, shape = cache
    dW = np.zeros(shape)
    dW[x] += dout
    return dW


@mistake("word_embedding_backward", "CaptionNet.grads", replaces="word_embedding_backward")
def words_averaged_over_repeats(dout, cache):
    """Where a word comes several times, its gradients are averaged: they add up."""
    x, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, x, dout)
    return dW / np.maximum(np.bincount(x.ravel(), minlength=shape[0]), 1)[:, None]


@mistake("word_embedding_backward", "CaptionNet.grads", replaces="word_embedding_backward")
def words_only_those_that_come(dout, cache):
    """The gradient has rows only for words that come: it needs one for each word there is, of zeros for the others."""
    x, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, x, dout)
    return dW[np.unique(x)]
