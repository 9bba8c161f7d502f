"""The running statistics grow with every step: what the past keeps and what the batch adds are shares that
make one whole.

The batch's statistics are added in full, without their factor 1 - momentum.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    momentum = bn_param.get("momentum", 0.9)
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_mean"] = bn_param["running_mean"] + momentum * x.mean(axis=0)
        bn_param["running_var"] = bn_param["running_var"] + momentum * x.var(axis=0)
    return out, cache
