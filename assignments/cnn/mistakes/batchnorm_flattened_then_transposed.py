"""Spatial batch normalisation takes pieces of images for channels: a reshape keeps the order of the numbers
in memory, only a transpose moves an axis.

Reshaped to one row per channel at once. With a single image it would be right.
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
    out, cache = batchnorm_forward(x.reshape(x.shape[1], -1).T, gamma, beta, bn_param)
    return out.T.reshape(x.shape), cache


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(dout.shape[1], -1).T, cache)
    return dx.T.reshape(dout.shape), dgamma, dbeta
