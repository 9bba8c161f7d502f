"""Batch normalisation scales its shift as well: gamma multiplies the normalised values only, and beta is
added after that.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    return right_forward(x, gamma, gamma * beta, bn_param)
