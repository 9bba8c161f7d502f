"""Spatial batch normalisation normalises each pixel over its channels: the statistics are those of one
channel, over the batch and over all places.

That is layer normalisation of each pixel. The running statistics are right here, so that only the output
shows it.
"""

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
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    x_hat = (x - mean) / (var + bn_param.get("eps", 1e-5)) ** 0.5
    return gamma * x_hat + beta, (x_hat, gamma, cache[2])
