"""Mistakes in the softmax loss with loops."""

import numpy as np

from classify.losses import softmax_loss_naive as right_loss
from grader.bank import mistake

BOTH = ("softmax_loss_naive.loss", "softmax_loss_naive.dW")


@mistake(*BOTH)
def softmax_naive_overflows(W, X, y, reg):
    """Large scores give NaN: subtract from each sample's scores what keeps the exponentials small."""
    rows = np.arange(len(X))
    with np.errstate(all="ignore"):
        p = np.exp(X @ W)
        p = p / p.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, y]).mean() + reg * np.sum(W * W)
        p[rows, y] -= 1
        return loss, X.T @ p / len(X) + 2 * reg * W


@mistake("softmax_loss_naive.loss")
def softmax_naive_wrong_sign(W, X, y, reg):
    """The loss falls where it should grow: the minus before the logarithm is missing."""
    loss, dW = right_loss(W, X, y, reg)
    return 2 * reg * np.sum(W * W) - loss, dW


@mistake("softmax_loss_naive.dW")
def softmax_naive_gradient_without_right_class(W, X, y, reg):
    """The gradient consists of the probabilities alone: for the right class subtract one."""
    loss, dW = right_loss(W, X, y, reg)
    return loss, dW + X.T @ np.eye(W.shape[1])[y] / len(X)


@mistake("softmax_loss_naive.dW")
def softmax_naive_gradient_turned(W, X, y, reg):
    """The sign of the gradient is turned, but for the regularisation: it is probability less label."""
    loss, dW = right_loss(W, X, y, reg)
    return loss, 4 * reg * W - dW
