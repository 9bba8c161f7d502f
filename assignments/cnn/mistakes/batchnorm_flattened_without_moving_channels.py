"""Spatial batch normalisation mixes the channels: before the images are flattened to one row per pixel, the
channel axis has to move to the end.

The most common silent mistake of all: forward and backward agree with each other, so a gradient check
passes.
"""

from nndl.layers import batchnorm_backward, batchnorm_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_forward.test",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
    "spatial_batchnorm_backward.dbeta",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(-1, dout.shape[1]), cache)
    return dx.reshape(dout.shape), dgamma, dbeta
