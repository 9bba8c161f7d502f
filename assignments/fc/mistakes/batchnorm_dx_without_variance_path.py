"""The gradient of the input lacks the path through the variance."""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("batchnorm_backward.dx", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    x_hat, gamma, inv_std = cache
    return dx + gamma * inv_std * x_hat * dgamma / len(dout), dgamma, dbeta
