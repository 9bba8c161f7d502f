"""The output of the affine layer lacks the biases: each unit adds its own to every sample."""

from nndl.layers import affine_forward as right_forward

PARTS = (
    "affine_forward",
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def affine_forward(x, w, b):
    return right_forward(x, w, 0 * b)[0], (x, w, b)
