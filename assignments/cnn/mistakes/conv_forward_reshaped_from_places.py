"""The output's numbers are right but stand in the wrong places: reshape gives axes other lengths and never another
order. Give the product's own axes their names first, then move the axis of the filters.

A matrix product with one row per place, reshaped to (N, F, H', W') at once.
"""

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, cache = right_forward(x, w, b, conv_param)
    return out.transpose(0, 2, 3, 1).reshape(out.shape), cache
