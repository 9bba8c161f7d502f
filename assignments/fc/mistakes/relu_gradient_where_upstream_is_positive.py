"""The gradient of the ReLU passes where the upstream gradient is positive: what counts is the sign of the
input.
"""

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
    return np.where(dout > 0, dout, 0)
