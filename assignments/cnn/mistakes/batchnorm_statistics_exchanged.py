"""Running mean and running variance are stored under each other's name."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        mean, var = bn_param["running_mean"], bn_param["running_var"]
        bn_param.update(running_mean=var, running_var=mean)
    return out, cache
