"""The gradient of the input takes mean and variance as given numbers: they depend on every sample, too."""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    _, gamma, inv_std = cache
    return 0 * dx + gamma * inv_std * dout, dgamma, dbeta
