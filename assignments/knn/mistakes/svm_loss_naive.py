"""Mistakes in the hinge loss with loops."""

import numpy as np

from classify.losses import svm_loss_naive as right_loss
from grader.bank import mistake

BOTH = ("svm_loss_naive.loss", "svm_loss_naive.dW")


def hinge(W, X, y, reg, margin=1.0):
    """Return the margins that are positive, those of the right classes left out, loss and gradient."""
    rows = np.arange(len(X))
    margins = np.maximum(0, X @ W - (X @ W)[rows, y][:, None] + margin)
    margins[rows, y] = 0
    counts = (margins > 0) * 1.0
    counts[rows, y] = -counts.sum(axis=1)
    return margins.sum() / len(X) + reg * np.sum(W * W), X.T @ counts / len(X) + 2 * reg * W


# --- The margins ---


@mistake("svm_loss_naive.loss")
def svm_naive_counts_right_class(W, X, y, reg):
    """The loss is one too large: the right class has no margin of its own, and counts as one for each sample."""
    loss, dW = right_loss(W, X, y, reg)
    return loss + 1, dW


@mistake(*BOTH)
def svm_naive_without_margin(W, X, y, reg):
    """The margin of one is missing: a wrong class costs as soon as its score is less than one below the right one."""
    return hinge(W, X, y, reg, margin=0.0)


# --- Averages and regularisation ---


@mistake(*BOTH)
def svm_naive_not_averaged(W, X, y, reg):
    """Loss and gradient are sums over the samples: they should be averages."""
    penalty, slope = reg * np.sum(W * W), 2 * reg * W
    loss, dW = right_loss(W, X, y, reg)
    return (loss - penalty) * len(X) + penalty, (dW - slope) * len(X) + slope


@mistake(*BOTH)
def svm_naive_half_regularisation(W, X, y, reg):
    """The regularisation has a factor of one half, by another convention than this assignment's."""
    loss, dW = right_loss(W, X, y, reg)
    return loss - reg * np.sum(W * W) / 2, dW - reg * W


@mistake("svm_loss_naive.dW")
def svm_naive_gradient_of_half_regularisation(W, X, y, reg):
    """The factor of two is missing in the gradient of the regularisation: the derivative of a square has it."""
    loss, dW = right_loss(W, X, y, reg)
    return loss, dW - reg * W


# --- The gradient ---


@mistake("svm_loss_naive.dW")
def svm_naive_gradient_without_right_class(W, X, y, reg):
    """The column of the right class is left as it was: its score is part of every positive margin."""
    loss, dW = right_loss(W, X, y, reg)
    rows = np.arange(len(X))
    margins = X @ W - (X @ W)[rows, y][:, None] + 1 > 0
    counts = np.zeros(margins.shape)
    counts[rows, y] = margins.sum(axis=1) - 1
    return loss, dW + X.T @ counts / len(X)
