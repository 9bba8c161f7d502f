"""The gradient of the biases adds up along the wrong axis: it has one entry for each unit, not for each
sample.
"""

from nndl.layers import affine_backward as right_backward

PARTS = ("affine_backward.db", "TwoLayerNet.grads", "FullyConnectedNet.grads", "FullyConnectedNet.dropout")
SCOPE = "homework"


def affine_backward(dout, cache):
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.sum(axis=1)
