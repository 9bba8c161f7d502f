"""The loss is infinite where the right class's probability is too small for a number: write its logarithm as
a difference, without the probability.
"""

import numpy as np

from nndl.layers import softmax_loss as right_loss

PARTS = ("softmax_loss.loss",)
SCOPE = "beyond"


def softmax_loss(x, y):
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        loss = -np.log(p[np.arange(len(x)), y]).mean()
    return loss, right_loss(x, y)[1]
