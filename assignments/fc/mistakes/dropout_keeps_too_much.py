"""The wrong share of elements is kept: each is kept with probability p."""

from nndl.layers import dropout_forward as right_forward

PARTS = ("dropout_forward.train",)
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    return right_forward(x, {**dropout_param, "p": 0.5 + 0.5 * dropout_param["p"]})
