"""Mistakes in the softmax loss without loops."""

import numpy as np

from classify.losses import softmax_loss_vectorized as right_loss
from grader.bank import mistake

ALL = ("softmax_loss_vectorized.loss", "softmax_loss_vectorized.dW", "softmax_loss_vectorized.speed")
ON_LARGE_SCORES = ("softmax_loss_vectorized.loss", "softmax_loss_vectorized.dW")
GRADIENT = ("softmax_loss_vectorized.dW", "softmax_loss_vectorized.speed")


def by(p, W, X, y, reg):
    """Return loss and gradient by probabilities."""
    rows = np.arange(len(X))
    with np.errstate(all="ignore"):
        loss = -np.log(p[rows, y]).mean() + reg * np.sum(W * W)
        errors = p.copy()
        errors[rows, y] -= 1
        return loss, X.T @ errors / len(X) + 2 * reg * W


# --- The probabilities ---


@mistake(*ON_LARGE_SCORES)
def softmax_overflows(W, X, y, reg):
    """Large scores give NaN: subtract from each sample's scores what keeps the exponentials small."""
    with np.errstate(all="ignore"):
        p = np.exp(X @ W)
        return by(p / p.sum(axis=1, keepdims=True), W, X, y, reg)


@mistake(*ON_LARGE_SCORES)
def softmax_shifted_by_the_batch(W, X, y, reg):
    """One number is subtracted from all samples' scores: where a sample's scores lie far below it all its
    exponentials vanish. Each sample needs its own.
    """
    with np.errstate(all="ignore"):
        p = np.exp(X @ W - np.max(X @ W))
        return by(p / p.sum(axis=1, keepdims=True), W, X, y, reg)


@mistake(*ALL)
def softmax_over_the_samples(W, X, y, reg):
    """The probabilities of each class add up to one over the samples: those of each sample should over the classes."""
    p = np.exp(X @ W - np.max(X @ W, axis=0))
    return by(p / p.sum(axis=0), W, X, y, reg)


# --- The loss ---


@mistake("softmax_loss_vectorized.loss", "softmax_loss_vectorized.speed")
def softmax_of_all_classes(W, X, y, reg):
    """The logarithms of all probabilities are averaged: only the right class of each sample counts."""
    scores = X @ W - np.max(X @ W, axis=1, keepdims=True)
    logs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(logs) + reg * np.sum(W * W), right_loss(W, X, y, reg)[1]


# --- Averages and regularisation ---


@mistake(*GRADIENT)
def softmax_gradient_not_averaged(W, X, y, reg):
    """The gradient is a sum over the samples, though the loss is an average: divide both."""
    loss, dW = right_loss(W, X, y, reg)
    return loss, (dW - 2 * reg * W) * len(X) + 2 * reg * W


# --- The gradient ---


@mistake(*GRADIENT)
def softmax_gradient_without_right_class(W, X, y, reg):
    """The gradient consists of the probabilities alone: for the right class subtract one."""
    loss, dW = right_loss(W, X, y, reg)
    return loss, dW + X.T @ np.eye(W.shape[1])[y] / len(X)


@mistake(*GRADIENT)
def softmax_gradient_subtracts_everywhere(W, X, y, reg):
    """One is subtracted in the columns of all classes that are right for some sample: pick one entry in each row.

    p[:, y] -= 1 takes whole columns.
    """
    loss, _ = right_loss(W, X, y, reg)
    p = np.exp(X @ W - np.max(X @ W, axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[:, y] -= 1
    return loss, X.T @ p / len(X) + 2 * reg * W


# --- Loops ---


@mistake(*GRADIENT)
def softmax_vectorized_loops(W, X, y, reg):
    """Loss and gradient are right, and computed sample by sample and class by class."""
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i] @ W
        scores = scores - np.max(scores)
        total = np.sum(np.exp(scores))
        loss += np.log(total) - scores[y[i]]
        for j in range(W.shape[1]):
            dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
    return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W
