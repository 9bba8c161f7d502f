"""Batch normalisation does not shift its output: beta is added at the end."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    return right_forward(x, gamma, np.zeros_like(beta), bn_param)
