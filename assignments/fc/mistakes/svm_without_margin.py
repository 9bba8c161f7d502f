"""The hinge loss has no margin: a wrong class costs something until it is one below the right one."""

import numpy as np

PARTS = ("svm_loss.loss", "svm_loss.dx")
SCOPE = "homework"


def svm_loss(x, y):
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None])
    dx = (margins > 0).astype(float)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)
