"""The running variance is an average of deviations: it is one of variances."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.running_var", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    before = bn_param.get("running_var", 0 * gamma)
    result = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        keep = bn_param.get("momentum", 0.9)
        bn_param["running_var"] = keep * before + (1 - keep) * np.sqrt(x.var(axis=0))
    return result
