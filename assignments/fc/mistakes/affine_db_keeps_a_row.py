"""The gradient of the biases is a matrix of one row: it has the shape of the biases."""

from nndl.layers import affine_backward as right_backward

PARTS = ("affine_backward.db", "TwoLayerNet.grads", "FullyConnectedNet.grads", "FullyConnectedNet.dropout")
SCOPE = "homework"


def affine_backward(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db[None]
