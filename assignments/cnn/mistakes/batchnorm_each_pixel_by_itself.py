"""Spatial batch normalisation keeps one mean for every pixel: pixels of a channel share their statistics,
taken over the batch and over all places.

The flattening of the affine layer, one row per image; gamma and beta are stretched to fit.
"""

import numpy as np

from nndl.layers import batchnorm_backward, batchnorm_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
    "spatial_batchnorm_backward.dbeta",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, _, H, W = x.shape
    scale, shift = np.repeat(gamma, H * W), np.repeat(beta, H * W)
    for name in {"running_mean", "running_var"} & set(bn_param):
        bn_param[name] = np.resize(np.repeat(bn_param[name], H * W), scale.shape)
    out, cache = batchnorm_forward(x.reshape(N, -1), scale, shift, bn_param)
    return out.reshape(x.shape), cache


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(len(dout), -1), cache)
    return dx.reshape(dout.shape), dgamma, dbeta
