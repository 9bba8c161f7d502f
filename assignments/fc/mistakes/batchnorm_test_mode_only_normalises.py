"""Test mode normalises and stops: scale and shift belong to it as to train mode."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.test", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return right_forward(x, gamma, beta, bn_param)
    return right_forward(x, 1 + 0 * gamma, 0 * beta, bn_param)
