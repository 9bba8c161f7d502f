"""Whole samples are dropped: each element is drawn on its own."""

import numpy as np

from nndl.layers import dropout_forward as right_forward

PARTS = ("dropout_forward.train",)
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    out, cache = right_forward(x, dropout_param)
    if dropout_param["mode"] == "test":
        return out, cache
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    rows = np.zeros(len(x))
    rows[: round(p * len(x))] = 1 / p
    mask = np.random.permutation(rows)[:, None] * np.ones_like(x)
    return x * mask, (dropout_param, mask)
