"""The gradients of weights and biases come in the wrong order: input, weights, biases."""

from nndl.layers import affine_backward as right_backward

PARTS = (
    "affine_backward.dw",
    "affine_backward.db",
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def affine_backward(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx, db, dw
