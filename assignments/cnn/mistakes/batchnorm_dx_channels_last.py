"""The gradient of batch normalisation's input has its channels last: it must have the shape of the input,
channels second.
"""

from nndl.conv_layers import spatial_batchnorm_backward as right_backward

PARTS = ("spatial_batchnorm_backward.dx",)
SCOPE = "homework"


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx.transpose(0, 2, 3, 1), dgamma, dbeta
