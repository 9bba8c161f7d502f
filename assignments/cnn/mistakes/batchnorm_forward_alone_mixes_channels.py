"""Spatial batch normalisation mixes the channels: before the images are flattened to one row per pixel, the
channel axis has to move to the end.

The backward pass moves it, so it starts from normalised values that are laid out in another way.
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
