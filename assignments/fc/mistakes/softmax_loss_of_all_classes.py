"""The softmax loss adds up all classes: only the right class of each sample counts."""

import numpy as np

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "softmax_loss.loss",
    "TwoLayerNet.loss",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def softmax_loss(x, y):
    _, dx = right_loss(x, y)
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs.sum() / len(x), dx
