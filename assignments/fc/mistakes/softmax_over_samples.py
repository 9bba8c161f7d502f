"""The probabilities add up to one over the samples: each sample chooses among the classes."""

import numpy as np

PARTS = (
    "softmax_loss.loss",
    "softmax_loss.dx",
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def softmax_loss(x, y):
    rows = np.arange(len(x))
    exponentials = np.exp(x - x.max(axis=0))
    with np.errstate(all="ignore"):
        p = exponentials / exponentials.sum(axis=0)
        loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(x)
