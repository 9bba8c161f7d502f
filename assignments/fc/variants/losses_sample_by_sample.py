"""Both losses go through the samples one by one."""

import math

import numpy as np


def softmax_loss(x, y):
    loss, dx = 0.0, np.zeros_like(x)
    for n in range(x.shape[0]):
        scores = x[n] - max(x[n])
        total = sum(math.exp(score) for score in scores)
        loss += (math.log(total) - scores[y[n]]) / x.shape[0]
        for c in range(x.shape[1]):
            dx[n, c] = (math.exp(scores[c]) / total - (c == y[n])) / x.shape[0]
    return loss, dx


def svm_loss(x, y):
    loss, dx = 0.0, np.zeros_like(x)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            margin = x[n, c] - x[n, y[n]] + 1
            if c != y[n] and margin > 0:
                loss += margin
                dx[n, c] += 1
                dx[n, y[n]] -= 1
    return loss / x.shape[0], dx / x.shape[0]
