"""Test mode leaves out eps, which belongs under the root as in train mode."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.test", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    with np.errstate(all="ignore"):
        x_hat = (x - bn_param["running_mean"]) / np.sqrt(bn_param["running_var"])
    return gamma * x_hat + beta, None
