"""Test mode subtracts the running mean and stops there: it divides by the root of the running variance as well."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.test",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return gamma * (x - bn_param["running_mean"]) + beta, None
