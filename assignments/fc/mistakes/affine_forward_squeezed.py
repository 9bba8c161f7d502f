"""The output for a single sample has lost its axis: it stays a matrix of one row."""

import numpy as np

from nndl.layers import affine_forward as right_forward

PARTS = ("affine_forward",)
SCOPE = "beyond"


def affine_forward(x, w, b):
    out, cache = right_forward(x, w, b)
    return np.squeeze(out), cache
