"""Mistakes in the hinge loss."""

import numpy as np

from grader.bank import mistake
from nndl.layers import svm_loss as right_loss


@mistake("svm_loss.loss", "svm_loss.dx")
def svm_not_averaged(x, y):
    """The hinge loss and its gradient are sums over the batch: they are averages."""
    loss, dx = right_loss(x, y)
    return loss * len(x), dx * len(x)


@mistake("svm_loss.loss")
def svm_counts_the_right_class(x, y):
    """The hinge loss is too large by one: the right class has no margin to itself."""
    loss, dx = right_loss(x, y)
    return loss + 1, dx


@mistake("svm_loss.loss", "svm_loss.dx")
def svm_without_margin(x, y):
    """The hinge loss has no margin: a wrong class costs something until it is one below the right one."""
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None])
    dx = (margins > 0).astype(float)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


@mistake("svm_loss.loss", "svm_loss.dx")
def svm_squares_the_margins(x, y):
    """The hinge loss squares its margins: that is another loss."""
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    dx = 2 * margins
    dx[rows, y] = -dx.sum(axis=1)
    return np.sum(margins**2) / len(x), dx / len(x)


@mistake("svm_loss.dx")
def svm_dx_of_the_right_class_once(x, y):
    """In the gradient of the hinge loss the right class counts once: its score is part of the margin of every
    wrong class that has one.
    """
    loss, dx = right_loss(x, y)
    dx[np.arange(len(x)), y] = -1 / len(x)
    return loss, dx
