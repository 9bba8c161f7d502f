"""The running averages move too fast: momentum is the share of the past that is kept, and the batch gets the
rest.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.running_mean", "batchnorm_forward.running_var", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    state = {**bn_param, "momentum": 1 - bn_param.get("momentum", 0.9)}
    out, cache = right_forward(x, gamma, beta, state)
    bn_param.update(running_mean=state["running_mean"], running_var=state["running_var"])
    return out, cache
