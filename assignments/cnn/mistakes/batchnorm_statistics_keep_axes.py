"""The running statistics have extra axes of length one: they hold one number for each channel.

keepdims=True, with everything else broadcast to match.
"""

import numpy as np

from nndl.conv_layers import spatial_batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    names = ("running_mean", "running_var")
    bn_param.update({name: np.ravel(bn_param[name]) for name in names if name in bn_param})
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param.update({name: bn_param[name].reshape(1, -1, 1, 1) for name in names})
    return out, cache
