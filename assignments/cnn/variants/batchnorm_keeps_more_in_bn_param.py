"""bn_param also carries the batch's own statistics, counts and defaults, and nothing is stored in test mode."""

from nndl.layers import batchnorm_forward as right_forward


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, dict(bn_param))
    bn_param["eps"] = bn_param.get("eps", 1e-5)
    bn_param["momentum"] = bn_param.get("momentum", 0.9)
    bn_param["steps"] = bn_param.get("steps", 0) + 1
    bn_param["last_batch"] = {"mean": x.mean(axis=0), "var": x.var(axis=0)}
    return right_forward(x, gamma, beta, bn_param)
