"""Test mode uses a variable that only train mode sets: the running statistics are all it needs."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.test",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        x_hat = right_forward(x, gamma, beta, bn_param)[1][0]
        inv_std = 1 / (x.var(axis=0) + bn_param.get("eps", 1e-5)) ** 0.5
    else:
        normalised = (x - bn_param["running_mean"]) / (
            bn_param["running_var"] + bn_param.get("eps", 1e-5)
        ) ** 0.5
        return gamma * normalised + beta, (x_hat, gamma, inv_std)
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)
