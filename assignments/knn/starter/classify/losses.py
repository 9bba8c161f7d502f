"""Losses of linear classifiers, with loops and without: the multi-class hinge loss and the softmax loss."""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    """Multi-class hinge loss of a linear classifier and its gradient, with loops.

    Parameters
    ----------
    W : ndarray, shape (D, C)
        Weights: the scores of a sample x are x W.
    X : ndarray, shape (N, D)
        Samples.
    y : ndarray of int, shape (N,)
        The right class of each sample, 0 <= y < C.
    reg : float
        Strength of the regularisation.

    Returns
    -------
    loss : float
        Mean over the samples of the sum of max(0, score - right score + 1) over the wrong classes, plus reg times the
        sum of the squares of the weights, without a factor of one half.
    dW : ndarray, shape (D, C)
        Gradient with respect to W.
    """
    loss, dW = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Go through samples and classes, and store the loss as "loss"
    #   and its gradient as "dW".
    #   Hint: a class whose margin is positive moves two columns of the
    #   gradient. Which are they?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """Multi-class hinge loss of a linear classifier and its gradient, without any loop.

    Parameters and results are those of `svm_loss_naive`.
    """
    loss, dW = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the loss as "loss" and its gradient as "dW".
    #   Hint: X[np.arange(N), y] picks one entry of each row. How often
    #   does a sample count in the column of its right class?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dW


def softmax_loss_naive(W, X, y, reg):
    """Softmax loss of a linear classifier and its gradient, with loops.

    Scores may be large: a thousand must not overflow.

    Parameters
    ----------
    W : ndarray, shape (D, C)
        Weights: the scores of a sample x are x W.
    X : ndarray, shape (N, D)
        Samples.
    y : ndarray of int, shape (N,)
        The right class of each sample, 0 <= y < C.
    reg : float
        Strength of the regularisation.

    Returns
    -------
    loss : float
        Mean over the samples of -log(probability of the right class), plus reg times the sum of the squares of the
        weights, without a factor of one half.
    dW : ndarray, shape (D, C)
        Gradient with respect to W.
    """
    loss, dW = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Go through samples and classes, and store the loss as "loss"
    #   and its gradient as "dW".
    #   Hint: which number may be subtracted from all scores of a sample
    #   without changing a probability?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """Softmax loss of a linear classifier and its gradient, without any loop.

    Parameters and results are those of `softmax_loss_naive`.
    """
    loss, dW = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the loss as "loss" and its gradient as "dW".
    #   Hint: the logarithm of a quotient is a difference.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dW
