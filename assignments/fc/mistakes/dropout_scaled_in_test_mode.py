"""Test mode scales the input: inverted dropout has scaled in training already, and test mode does nothing."""

from nndl.layers import dropout_forward as right_forward

PARTS = ("dropout_forward.test", "FullyConnectedNet.dropout")
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    out, cache = right_forward(x, dropout_param)
    return (out * dropout_param["p"] if dropout_param["mode"] == "test" else out), cache
