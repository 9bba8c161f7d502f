"""The gradient of the input is divided by the batch: each sample has a gradient of its own, and the loss has
averaged already.
"""

from nndl.layers import affine_backward as right_backward

PARTS = (
    "affine_backward.dx",
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def affine_backward(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx / len(dx), dw, db
