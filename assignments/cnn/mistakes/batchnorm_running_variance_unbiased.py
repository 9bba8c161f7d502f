"""The running variance is slightly too large: it averages the variances that normalise the batches, divided
by the number of values and not by one less.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.running_var",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    momentum, before = bn_param.get("momentum", 0.9), bn_param.get("running_var", np.zeros(x.shape[1]))
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param["running_var"] = momentum * before + (1 - momentum) * x.var(axis=0, ddof=1)
    return out, cache
