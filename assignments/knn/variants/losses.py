"""Unusual losses."""

import math

import numpy as np

from grader.bank import variant


@variant()
class svm_with_one_hot_labels:
    """The hinge loss has its labels as a matrix of zeros and ones."""

    def svm_loss_vectorized(W, X, y, reg):
        labels = np.eye(W.shape[1])[y]
        scores = X.dot(W)
        right = (scores * labels).sum(axis=1, keepdims=True)
        margins = np.maximum(scores - right + 1 - labels, 0)
        active = np.sign(margins)
        active -= labels * active.sum(axis=1, keepdims=True)
        loss = margins.sum(axis=1).mean() + reg * np.linalg.norm(W) ** 2
        return loss, np.einsum("nd,nc->dc", X, active) / len(y) + 2 * reg * W


@variant()
class svm_product_by_product:
    """The hinge loss goes through every product in plain Python, and returns lists."""

    def svm_loss_naive(W, X, y, reg):
        (num_samples, num_features), num_classes = X.shape, W.shape[1]
        loss, dW = 0.0, [[2 * reg * W[d, c] for c in range(num_classes)] for d in range(num_features)]
        for n in range(num_samples):
            scores = [sum(X[n, d] * W[d, c] for d in range(num_features)) for c in range(num_classes)]
            for c in range(num_classes):
                if c != y[n] and scores[c] - scores[y[n]] + 1 > 0:
                    loss += (scores[c] - scores[y[n]] + 1) / num_samples
                    for d in range(num_features):
                        dW[d][c] += X[n, d] / num_samples
                        dW[d][y[n]] -= X[n, d] / num_samples
        return loss + reg * sum(weight**2 for row in W for weight in row), dW


@variant(replaces="svm_loss_vectorized")
def svm_loss_without_axes(W, X, y, reg):
    """The hinge loss is an array without axes, and the right classes are taken along an axis."""
    scores = np.matmul(X, W)
    margins = 1 + scores - np.take_along_axis(scores, y[:, None], axis=1)
    np.put_along_axis(margins, y[:, None], 0, axis=1)
    active = (margins > 0).astype(X.dtype)
    np.put_along_axis(active, y[:, None], -active.sum(axis=1, keepdims=True), axis=1)
    loss = margins[margins > 0].sum() / X.shape[0] + reg * np.sum(np.square(W))
    return np.array(loss), (active.T @ X).T / X.shape[0] + (reg + reg) * W


@variant()
class softmax_by_logaddexp:
    """The softmax loss adds logarithms, and both of its forms are one function."""

    def softmax_loss_vectorized(W, X, y, reg):
        logs = X @ W
        logs = logs - np.logaddexp.reduce(logs, axis=1)[:, None]
        labels = (y[:, None] == np.arange(W.shape[1])) * 1.0
        loss = -(labels * logs).sum() / len(X) + reg * (W**2).sum()
        return loss, X.T @ (np.exp(logs) - labels) / len(X) + 2 * reg * W

    def softmax_loss_naive(W, X, y, reg):
        return softmax_loss_vectorized(W, X, y, reg)  # noqa: F821


@variant(replaces="softmax_loss_naive")
def softmax_naive_in_plain_python(W, X, y, reg):
    """The softmax loss uses the exponential of the standard library, and skips what is below its reach."""
    loss, dW = 0.0, np.zeros_like(W)
    for sample, label in zip(X, y, strict=True):
        scores = [float(sample @ column) for column in W.T]
        shift = max(scores)
        powers = [math.exp(score - shift) for score in scores]
        loss -= scores[label] - shift - math.log(sum(powers))
        for c, power in enumerate(powers):
            dW[:, c] += sample * power / sum(powers)
        dW[:, label] -= sample
    return loss / len(y) + reg * float((W * W).sum()), dW / len(y) + 2 * reg * W


@variant()
class losses_in_single_precision:
    """The gradients without loops are of single precision."""

    def svm_loss_vectorized(W, X, y, reg):
        rows = np.arange(len(y))
        scores = X @ W
        margins = np.maximum(0, scores - scores[rows, y].reshape(-1, 1) + 1)
        margins[rows, y] = 0
        counts = np.float32(margins > 0)
        counts[rows, y] -= counts.sum(axis=1)
        dW = X.T.astype(np.float32) @ counts / np.float32(len(y))
        return margins.sum() / len(y) + reg * np.sum(W * W), dW + np.float32(2 * reg) * W.astype(np.float32)
