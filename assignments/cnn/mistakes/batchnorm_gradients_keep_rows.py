"""The gradients of scale and shift have one value for every pixel: each channel has one scale and one shift,
so the pixels are summed over.
"""

from nndl.layers import batchnorm_backward as right_backward

PARTS = (
    "spatial_batchnorm_backward.dgamma",
    "spatial_batchnorm_backward.dbeta",
)
SCOPE = "homework"


def batchnorm_backward(dout, cache):
    dx, _, _ = right_backward(dout, cache)
    return dx, dout * cache[0], dout
