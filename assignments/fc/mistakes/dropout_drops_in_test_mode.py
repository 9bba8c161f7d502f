"""Test mode drops elements: it hands the input on as it is."""

from nndl.layers import dropout_forward as right_forward

PARTS = ("dropout_forward.test", "FullyConnectedNet.dropout")
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    out, (_, mask) = right_forward(x, {**dropout_param, "mode": "train"})
    return out, (dropout_param, mask)
