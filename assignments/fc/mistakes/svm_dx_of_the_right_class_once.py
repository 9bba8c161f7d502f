"""In the gradient of the hinge loss the right class counts once: its score is part of the margin of every
wrong class that has one.
"""

import numpy as np

from nndl.layers import svm_loss as right_loss

PARTS = ("svm_loss.dx",)
SCOPE = "homework"


def svm_loss(x, y):
    loss, dx = right_loss(x, y)
    dx[np.arange(len(x)), y] = -1 / len(x)
    return loss, dx
