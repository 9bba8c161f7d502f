"""Test mode normalises with the batch's own mean and variance: it uses the running averages."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.test", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return right_forward(x, gamma, beta, {**bn_param, "mode": "train"})
