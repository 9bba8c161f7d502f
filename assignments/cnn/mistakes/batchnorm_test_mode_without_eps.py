"""Test mode leaves out eps: it is added to the running variance too."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.test",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    x_hat = (x - bn_param["running_mean"]) / np.sqrt(bn_param["running_var"])
    return gamma * x_hat + beta, None
