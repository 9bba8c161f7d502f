"""The gradient of the shift is an average: the same beta is added to every value of a channel, so their
gradients are summed.
"""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("spatial_batchnorm_backward.dbeta",)
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, dgamma, _ = right_backward(dout, cache)
    return dx, dgamma, dout.mean(axis=0)
