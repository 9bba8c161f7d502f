"""The gradients of the network do not know the right answer: in the gradient of the softmax loss one is
subtracted from the right class's probability.
"""

import numpy as np

from nndl.layers import softmax_loss as right_loss

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    dx[np.arange(len(x)), y] += 1 / len(x)
    return loss, dx
