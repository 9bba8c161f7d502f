"""The gradient of the ReLU is multiplied by the input: where it passes, its factor is one."""

import numpy as np

PARTS = (
    "relu_backward",
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def relu_backward(dout, cache):
    return dout * np.maximum(cache, 0)
