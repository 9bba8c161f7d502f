"""The running variance starts at one: where bn_param has none yet, it starts from zeros as the mean does.

What some libraries do, but not what the docstring says; only the steps from nothing show it.
"""

import numpy as np

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.running_var",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    bn_param.setdefault("running_var", np.ones(x.shape[1]))
    return right_forward(x, gamma, beta, bn_param)
