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
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / X.shape[0] + reg * np.sum(W * W)
    dW = dW / X.shape[0] + 2 * reg * W
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
    rows = np.arange(X.shape[0])
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / X.shape[0] + reg * np.sum(W * W)
    counts = (margins > 0).astype(float)
    counts[rows, y] = -np.sum(counts, axis=1)
    dW = X.T @ counts / X.shape[0] + 2 * reg * W
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
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i] @ W
        scores = scores - np.max(scores)
        total = np.sum(np.exp(scores))
        loss += np.log(total) - scores[y[i]]
        for j in range(W.shape[1]):
            dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
    loss = loss / X.shape[0] + reg * np.sum(W * W)
    dW = dW / X.shape[0] + 2 * reg * W
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
    rows = np.arange(X.shape[0])
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    logs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    loss = -np.mean(logs[rows, y]) + reg * np.sum(W * W)
    errors = np.exp(logs)
    errors[rows, y] -= 1
    dW = X.T @ errors / X.shape[0] + 2 * reg * W
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dW
