"""Spatial batch normalisation loses an axis for a single image: a batch of one image still has its first
axis.
"""

import numpy as np

from nndl.conv_layers import spatial_batchnorm_backward as right_backward
from nndl.conv_layers import spatial_batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_backward.dx",
)
SCOPE = "beyond"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = right_forward(x, gamma, beta, bn_param)
    return np.squeeze(out), cache


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = right_backward(dout, cache)
    return np.squeeze(dx), dgamma, dbeta
