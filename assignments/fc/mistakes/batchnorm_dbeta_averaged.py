"""The gradient of the shift is an average: beta is added to every sample, so their gradients add up."""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("batchnorm_backward.dbeta", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dgamma, dbeta / len(dout)
