"""Batch normalisation always adds 1e-5: how much to add stands in bn_param, and 1e-5 is only what holds
where it does not.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    state = {**bn_param, "eps": 1e-5}
    out, cache = right_forward(x, gamma, beta, state)
    bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache
