"""What is kept is divided by the probability to be dropped: divide by that to be kept."""

from nndl.layers import dropout_forward as right_forward

PARTS = ("dropout_forward.train",)
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    out, (param, mask) = right_forward(x, dropout_param)
    if mask is None:
        return out, (param, mask)
    mask = mask * dropout_param["p"] / (1 - dropout_param["p"])
    return x * mask, (param, mask)
