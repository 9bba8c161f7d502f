"""The forward pass of spatial batch normalisation mixes the channels, and the backward pass does not: before the
images are flattened to one row per pixel, the channel axis moves to the end in both.
"""

from nndl.layers import batchnorm_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_forward.test",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache
