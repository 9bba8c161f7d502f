"""The statistics of spatial batch normalisation are right, but its output is scrambled: after the channels
were moved to the end, they have to move back.

Flattened rightly, and then reshaped straight to the shape of x.
"""

from nndl.layers import batchnorm_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache
