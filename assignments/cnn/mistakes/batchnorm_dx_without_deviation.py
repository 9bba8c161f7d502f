"""The gradient of batch normalisation's input is not divided by the standard deviation: the input was, so
its gradient is too.
"""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("spatial_batchnorm_backward.dx",)
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx / cache[2], dgamma, dbeta
