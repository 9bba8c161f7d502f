"""The gradient of the weights is transposed: it has the shape of the weights."""

from nndl.layers import affine_backward as right_backward

PARTS = (
    "affine_backward.dw",
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
    return dx, dw.T, db
