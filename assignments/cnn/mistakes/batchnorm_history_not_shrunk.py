"""The running statistics grow with every step: before the batch's share is added, the past is multiplied by
momentum.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    before = {name: bn_param.get(name, 0) for name in ("running_mean", "running_var")}
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        for name, value in before.items():
            bn_param[name] = bn_param[name] + (1 - bn_param.get("momentum", 0.9)) * value
    return out, cache
