"""A seed does not make the masks repeat: draw from np.random, which the seed was given to."""

import numpy as np

PARTS = ("dropout_forward.train", "FullyConnectedNet.dropout")
SCOPE = "homework"


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    p = dropout_param["p"]
    mask = (np.random.default_rng().random(x.shape) < p) / p
    return x * mask, (dropout_param, mask)
