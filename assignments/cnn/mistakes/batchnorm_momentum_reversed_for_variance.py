"""The running variance moves too fast: momentum is the share of the past that is kept, for the variance as for the
mean.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.running_var",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    state = {**bn_param, "momentum": 1 - bn_param.get("momentum", 0.9)}
    right_forward(x, gamma, beta, state)
    out, cache = right_forward(x, gamma, beta, bn_param)
    bn_param["running_var"] = state["running_var"]
    return out, cache
