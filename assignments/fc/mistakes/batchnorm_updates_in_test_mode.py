"""Test mode moves the running averages: it only uses what training has left."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.running_mean", "batchnorm_forward.running_var")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    result = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        keep = bn_param.get("momentum", 0.9)
        bn_param["running_mean"] = keep * bn_param["running_mean"] + (1 - keep) * x.mean(axis=0)
        bn_param["running_var"] = keep * bn_param["running_var"] + (1 - keep) * x.var(axis=0)
    return result
