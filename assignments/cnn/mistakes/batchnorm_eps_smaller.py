"""Batch normalisation adds 1e-8 where bn_param does not name eps: the default of this layer is 1e-5.

1e-8 is the eps of the update rules. On the homework's own images both vanish in rounding.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.test",
)
SCOPE = "beyond"


def batchnorm_forward(x, gamma, beta, bn_param):
    bn_param.setdefault("eps", 1e-8)
    return right_forward(x, gamma, beta, bn_param)
