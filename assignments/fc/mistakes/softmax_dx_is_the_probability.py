"""The gradient of the softmax loss lacks what belongs to the right class: there the probability is less by
one.
"""

import numpy as np

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "softmax_loss.dx",
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    dx[np.arange(len(x)), y] += 1 / len(x)
    return loss, dx
