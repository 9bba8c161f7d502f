"""In train mode batch normalisation uses the running statistics: they are for test mode, while training
normalises with the batch's own.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    right_out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        return right_out, cache
    inv_std = 1 / np.sqrt(bn_param["running_var"] + bn_param.get("eps", 1e-5))
    x_hat = (x - bn_param["running_mean"]) * inv_std
    return gamma * x_hat + beta, (x_hat, gamma, inv_std)
