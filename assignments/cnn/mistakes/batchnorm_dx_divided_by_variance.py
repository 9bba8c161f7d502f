"""The gradient of batch normalisation's input is divided by the variance: the root is missing, for the input was
divided by the standard deviation.
"""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("spatial_batchnorm_backward.dx",)
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx * cache[2], dgamma, dbeta
