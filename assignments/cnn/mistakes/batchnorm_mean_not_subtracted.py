"""Batch normalisation scales the batch but does not centre it: the mean is subtracted before the division."""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return out, cache
    x_hat = x * cache[2]
    return gamma * x_hat + beta, (x_hat, gamma, cache[2])
