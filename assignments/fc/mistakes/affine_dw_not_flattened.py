"""The gradient of the weights takes the input as a matrix: images have to be flattened as in the forward
pass.
"""

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
    dx, _, db = right_backward(dout, cache)
    return dx, cache[0].T @ dout, db
