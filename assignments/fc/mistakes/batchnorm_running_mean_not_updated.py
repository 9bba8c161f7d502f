"""The running mean stays where it began: each step in train mode moves it towards the mean of the batch."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.running_mean", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    before = bn_param.get("running_mean", 0 * gamma)
    result = right_forward(x, gamma, beta, bn_param)
    bn_param["running_mean"] = before
    return result
