"""Test mode returns the normalised values: scale and shift apply there as well."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.test",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return right_forward(x, np.ones_like(gamma), np.zeros_like(beta), bn_param)
