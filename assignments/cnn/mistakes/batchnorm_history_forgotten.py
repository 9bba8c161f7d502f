"""The running statistics hold the share of the last batch only: the share of the past that momentum keeps is
missing.

The averages start from zeros at every call, because they are not read from bn_param.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        bn_param.pop("running_mean", None)
        bn_param.pop("running_var", None)
    return right_forward(x, gamma, beta, bn_param)
