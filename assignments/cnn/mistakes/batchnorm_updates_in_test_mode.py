"""Test mode changes the running statistics: they are learnt in training and only used afterwards."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        right_forward(x, gamma, beta, (state := {**bn_param, "mode": "train"}))
        bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache
