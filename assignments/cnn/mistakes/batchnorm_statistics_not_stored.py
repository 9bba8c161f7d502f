"""The running statistics never change: train mode has to store what it computed back in bn_param.

They are computed into local variables and forgotten.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    return right_forward(x, gamma, beta, dict(bn_param))
