"""The gradient of batch normalisation's input has the wrong sign on the path through the variance: a larger
variance makes the output smaller.
"""

from nndl.layers import batchnorm_backward as right_backward

PARTS = ("spatial_batchnorm_backward.dx",)
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    x_hat, gamma, inv_std = cache
    _, dgamma, dbeta = right_backward(dout, cache)
    through_var = -x_hat * (dout * x_hat).mean(axis=0)
    return gamma * inv_std * (dout - dout.mean(axis=0) - through_var), dgamma, dbeta
