"""The products of windows and filters are right but stand in the wrong places: reshape gives axes other lengths and
never another order. Give the product's own axes their names first, then move the axis of the filters.

As after a matrix product with one row per place, with the biases added where they belong.
"""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    scores, _ = right_forward(x, w, 0 * b, conv_param)
    out = scores.transpose(0, 2, 3, 1).reshape(scores.shape) + b.reshape(1, -1, 1, 1)
    return out, (x, w, b, conv_param)
