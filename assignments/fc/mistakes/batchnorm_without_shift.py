"""In train mode the output is not shifted by beta."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("batchnorm_forward.train", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    x_hat = cache[0]
    return gamma * x_hat, cache
