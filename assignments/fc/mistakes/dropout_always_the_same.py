"""Every step drops the same elements: without a seed each call draws anew."""

from nndl.layers import dropout_forward as right_forward

PARTS = ("dropout_forward.train", "FullyConnectedNet.dropout")
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    _, (_, mask) = right_forward(x, {"seed": 0, **dropout_param})
    return (x if mask is None else x * mask), (dropout_param, mask)
