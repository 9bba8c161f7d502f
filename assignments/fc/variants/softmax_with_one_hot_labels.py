"""The softmax loss writes its labels as a matrix of zeros and ones."""

import numpy as np


def softmax_loss(x, y):
    labels = np.eye(x.shape[1])[y]
    logs = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
    return -np.sum(labels * logs) / len(x), (np.exp(logs) - labels) / len(x)
