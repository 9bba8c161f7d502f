"""The hinge loss and its gradient are sums over the batch: they are averages."""

from nndl.layers import svm_loss as right_loss

PARTS = ("svm_loss.loss", "svm_loss.dx")
SCOPE = "homework"


def svm_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss * len(x), dx * len(x)
