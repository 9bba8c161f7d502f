"""The running mean never changes: train mode has to store it back in bn_param, as it does with the running
variance.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.running_mean",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    state = dict(bn_param)
    out, cache = right_forward(x, gamma, beta, state)
    bn_param["running_var"] = state["running_var"]
    return out, cache
