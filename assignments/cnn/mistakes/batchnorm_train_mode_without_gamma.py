"""In train mode batch normalisation does not scale its output, in test mode it does: gamma multiplies the
normalised values in both.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.train",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    param = dict(bn_param)
    out, cache = right_forward(x, gamma, beta, bn_param)
    if param["mode"] == "train":
        out, _ = right_forward(x, np.ones_like(gamma), beta, param)
    return out, cache
