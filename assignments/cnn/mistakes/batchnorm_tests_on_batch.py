"""Test mode normalises with the statistics of the batch: it must use the running ones, so that the answer
for an image does not depend on its neighbours.
"""

from nndl.layers import batchnorm_forward as right_forward

PARTS = ("spatial_batchnorm_forward.test",)
SCOPE = "homework"


def batchnorm_forward(x, gamma, beta, bn_param):
    state = {**bn_param, "mode": "train"}
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, state)
    return right_forward(x, gamma, beta, bn_param)
