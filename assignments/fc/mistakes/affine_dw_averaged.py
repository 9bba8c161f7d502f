"""The gradient of the weights is an average over the batch: every sample uses the weights, so their
gradients add up.
"""

from nndl.layers import affine_backward as right_backward

PARTS = (
    "affine_backward.dw",
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def affine_backward(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx, dw / len(dx), db
