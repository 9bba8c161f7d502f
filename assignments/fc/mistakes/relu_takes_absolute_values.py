"""What is negative changes its sign; a ReLU makes it zero."""

import numpy as np

PARTS = (
    "relu_forward",
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def relu_forward(x):
    return np.abs(x), x
