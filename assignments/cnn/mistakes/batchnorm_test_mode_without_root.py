"""Test mode divides by the running variance: the root is missing."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.test",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    x_hat = (x - bn_param["running_mean"]) / (bn_param["running_var"] + bn_param.get("eps", 1e-5))
    return gamma * x_hat + beta, None
