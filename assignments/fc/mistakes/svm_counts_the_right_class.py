"""The hinge loss is too large by one: the right class has no margin to itself."""

from nndl.layers import svm_loss as right_loss

PARTS = ("svm_loss.loss",)
SCOPE = "homework"


def svm_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss + 1, dx
