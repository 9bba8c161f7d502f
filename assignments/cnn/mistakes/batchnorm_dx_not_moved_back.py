"""The gradient of batch normalisation's input is scrambled: after the channels were moved to the end, they
have to move back.
"""

from nndl.layers import batchnorm_backward

PARTS = ("spatial_batchnorm_backward.dx",)
SCOPE = "homework"


def spatial_batchnorm_backward(dout, cache):
    pixels = dout.transpose(0, 2, 3, 1).reshape(-1, dout.shape[1])
    dx, dgamma, dbeta = batchnorm_backward(pixels, cache)
    return dx.reshape(dout.shape), dgamma, dbeta
