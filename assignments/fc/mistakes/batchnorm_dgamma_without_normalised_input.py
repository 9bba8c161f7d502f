"""The gradient of the scale is only a sum of upstream gradients: gamma multiplies the normalised input."""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("batchnorm_backward.dgamma", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma * 0 + dout.sum(axis=0), dbeta
