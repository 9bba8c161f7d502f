"""The running averages are those of the last batch: they keep a share of the past."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.running_mean", "batchnorm_forward.running_var", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param.update(running_mean=x.mean(axis=0), running_var=x.var(axis=0))
    return out, cache
