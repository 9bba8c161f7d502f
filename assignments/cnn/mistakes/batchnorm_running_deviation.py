"""The running variance averages standard deviations: it must be an average of variances, for test mode takes
its root.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.running_var",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    momentum, before = bn_param.get("momentum", 0.9), bn_param.get("running_var", np.zeros(x.shape[1]))
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_var"] = momentum * before + (1 - momentum) * x.std(axis=0)
    return out, cache
