"""Mistakes in the forward pass of the ReLU."""

import numpy as np

from grader.bank import mistake

NETWORKS = (
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)


@mistake("relu_forward", *NETWORKS)
def relu_is_leaky(x):
    """What is negative is made small, not zero: that is another activation."""
    return np.where(x > 0, x, 0.01 * x), x


@mistake("relu_forward", *NETWORKS)
def relu_takes_absolute_values(x):
    """What is negative changes its sign; a ReLU makes it zero."""
    return np.abs(x), x


@mistake("relu_forward", scope="beyond")
def relu_in_place(x):
    """The forward pass of the ReLU overwrites its input, which belongs to the caller: work on a new array."""
    x[x < 0] = 0
    return x, x
