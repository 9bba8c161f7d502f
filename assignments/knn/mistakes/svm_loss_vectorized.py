"""Mistakes in the hinge loss without loops."""

import numpy as np

from classify.losses import svm_loss_vectorized as right_loss
from grader.bank import mistake


def positive(W, X, y):
    """Return which margins are positive, those of the right classes left out."""
    rows = np.arange(len(X))
    found = X @ W - (X @ W)[rows, y][:, None] + 1 > 0
    found[rows, y] = False
    return found


# --- The margins ---


@mistake("svm_loss_vectorized.loss", "svm_loss_vectorized.speed")
def svm_negative_margins_count(W, X, y, reg):
    """Margins below zero are added as well: they cost nothing, and earn nothing."""
    _, dW = right_loss(W, X, y, reg)
    margins = X @ W - (X @ W)[np.arange(len(X)), y][:, None] + 1
    return (margins.sum() - len(X)) / len(X) + reg * np.sum(W * W), dW


@mistake("svm_loss_vectorized.loss", "svm_loss_vectorized.dW", "svm_loss_vectorized.speed")
def svm_margins_squared(W, X, y, reg):
    """The margins are squared, which is another loss."""
    rows = np.arange(len(X))
    margins = np.where(positive(W, X, y), X @ W - (X @ W)[rows, y][:, None] + 1, 0)
    slopes = 2 * margins
    slopes[rows, y] = -slopes.sum(axis=1)
    return np.sum(margins**2) / len(X) + reg * np.sum(W * W), X.T @ slopes / len(X) + 2 * reg * W


# --- Averages and regularisation ---


@mistake("svm_loss_vectorized.loss", "svm_loss_vectorized.dW", "svm_loss_vectorized.speed")
def svm_averages_over_classes(W, X, y, reg):
    """The margins are averaged over samples and classes: over the classes they add up."""
    loss, dW = right_loss(W, X, y, reg)
    penalty, slope = reg * np.sum(W * W), 2 * reg * W
    return (loss - penalty) / W.shape[1] + penalty, (dW - slope) / W.shape[1] + slope


@mistake("svm_loss_vectorized.dW", "svm_loss_vectorized.speed")
def svm_gradient_without_regularisation(W, X, y, reg):
    """The regularisation is in the loss and missing in the gradient."""
    loss, dW = right_loss(W, X, y, reg)
    return loss, dW - 2 * reg * W


# --- The gradient ---


@mistake("svm_loss_vectorized.dW", "svm_loss_vectorized.speed")
def svm_gradient_right_class_once(W, X, y, reg):
    """In the column of its right class each sample counts once: it counts for every wrong class with a margin."""
    loss, _ = right_loss(W, X, y, reg)
    counts = positive(W, X, y) * 1.0
    counts[np.arange(len(X)), y] = -1
    return loss, X.T @ counts / len(X) + 2 * reg * W


# --- Loops ---


@mistake("svm_loss_vectorized.dW", "svm_loss_vectorized.speed")
def svm_vectorized_loops(W, X, y, reg):
    """Loss and gradient are right, and computed sample by sample and class by class."""
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W
