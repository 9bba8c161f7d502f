"""The running statistics are changed inside their own arrays where there are such."""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, bn_param)
    momentum = bn_param.get("momentum", 0.9)
    out, cache = right_forward(x, gamma, beta, dict(bn_param))
    for name, batch in (("running_mean", x.mean(axis=0)), ("running_var", x.var(axis=0))):
        if name not in bn_param:
            bn_param[name] = np.zeros(x.shape[1])
        bn_param[name] *= momentum
        bn_param[name] += (1 - momentum) * batch
    return out, cache
