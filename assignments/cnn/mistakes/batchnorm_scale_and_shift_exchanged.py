"""Batch normalisation multiplies by beta and adds gamma: gamma is the scale, beta the shift."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, _ = right_forward(x, beta, gamma, dict(bn_param))
    return out, right_forward(x, gamma, beta, bn_param)[1]
