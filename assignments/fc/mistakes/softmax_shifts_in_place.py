"""The softmax loss changes the scores that it was given: work on a new array."""

from nndl.layers import softmax_loss as right_loss

PARTS = ("softmax_loss.loss",)
SCOPE = "beyond"


def softmax_loss(x, y):
    x -= x.max(axis=1, keepdims=True)
    return right_loss(x, y)
