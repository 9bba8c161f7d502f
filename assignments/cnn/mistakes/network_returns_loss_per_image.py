"""The network returns a loss for each image: the loss of a batch is one number, their mean."""

import numpy as np

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
)
SCOPE = "homework"


def softmax_loss(x, y):
    losses = [right_loss(x[n : n + 1], y[n : n + 1])[0] for n in range(len(x))]
    return np.array(losses), right_loss(x, y)[1]
