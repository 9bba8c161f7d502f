"""The hinge loss squares its margins: that is another loss."""

import numpy as np

PARTS = ("svm_loss.loss", "svm_loss.dx")
SCOPE = "homework"


def svm_loss(x, y):
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    dx = 2 * margins
    dx[rows, y] = -dx.sum(axis=1)
    return np.sum(margins**2) / len(x), dx / len(x)
