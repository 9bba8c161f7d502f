"""The gradients of scale and shift come in the wrong order."""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("batchnorm_backward.dgamma", "batchnorm_backward.dbeta", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx, dbeta, dgamma
