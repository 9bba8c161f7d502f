"""The running statistics start as those of the first batch: where bn_param has none yet, they start from
zeros.

Sensible, but not what the docstring says; only the steps from nothing show it.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        bn_param.setdefault("running_mean", x.mean(axis=0))
        bn_param.setdefault("running_var", x.var(axis=0))
    return right_forward(x, gamma, beta, bn_param)
