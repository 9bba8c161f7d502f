"""The softmax loss takes another logarithm than the natural one."""

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
    loss, dx = right_loss(x, y)
    return loss / np.log(10), dx
