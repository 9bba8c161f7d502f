"""Batch normalisation does not scale its output: the normalised values are multiplied by gamma before beta
is added.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, _ = right_forward(x, np.ones_like(gamma), beta, bn_param)
    mean, var = x.mean(axis=0), x.var(axis=0)
    inv_std = 1 / np.sqrt(var + bn_param.get("eps", 1e-5))
    return out, ((x - mean) * inv_std, gamma, inv_std)
