"""The gradient of the input lacks the factor gamma."""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx / cache[1], dgamma, dbeta
