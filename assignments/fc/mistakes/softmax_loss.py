"""Mistakes in the softmax loss."""

import numpy as np

from grader.bank import mistake
from nndl.layers import softmax_loss as right_loss

NETWORKS = (
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
LOSSES = (
    "TwoLayerNet.loss",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
GRADIENTS = (
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)


# --- The probabilities ---


@mistake("softmax_loss.loss", "softmax_loss.dx")
def softmax_overflows(x, y):
    """Large scores give NaN: subtract from each sample's scores what keeps the exponentials small."""
    rows = np.arange(len(x))
    with np.errstate(all="ignore"):
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(x)


@mistake("softmax_loss.loss", "softmax_loss.dx")
def softmax_shifted_by_the_batch(x, y):
    """One number is subtracted from all samples' scores: where a sample's scores lie far below it all its
    exponentials vanish. Each sample needs its own.
    """
    rows = np.arange(len(x))
    exponentials = np.exp(x - x.max())
    with np.errstate(all="ignore"):
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(x)


@mistake("softmax_loss.loss", "softmax_loss.dx", *NETWORKS)
def softmax_over_samples(x, y):
    """The probabilities add up to one over the samples: each sample chooses among the classes."""
    rows = np.arange(len(x))
    exponentials = np.exp(x - x.max(axis=0))
    with np.errstate(all="ignore"):
        p = exponentials / exponentials.sum(axis=0)
        loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(x)


@mistake("softmax_loss.loss", scope="beyond")
def softmax_takes_the_logarithm_of_zero(x, y):
    """The loss is infinite where the right class's probability is too small for a number: write its logarithm
    as a difference, without the probability.
    """
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        loss = -np.log(p[np.arange(len(x)), y]).mean()
    return loss, right_loss(x, y)[1]


# --- The loss ---


@mistake("softmax_loss.loss", *LOSSES)
def softmax_loss_summed(x, y):
    """The softmax loss is the sum over the batch: it is the average."""
    loss, dx = right_loss(x, y)
    return loss * len(x), dx


@mistake("softmax_loss.loss", *LOSSES)
def softmax_loss_of_each_sample(x, y):
    """The softmax loss is one number for each sample: it is their average."""
    _, dx = right_loss(x, y)
    shifted = x - x.max(axis=1, keepdims=True)
    totals = np.log(np.exp(shifted).sum(axis=1))
    return totals - shifted[np.arange(len(x)), y], dx


@mistake("softmax_loss.loss", *LOSSES)
def softmax_loss_with_the_wrong_sign(x, y):
    """The softmax loss is negative: a probability is below one, and so its logarithm below zero."""
    loss, dx = right_loss(x, y)
    return -loss, dx


@mistake("softmax_loss.loss", *LOSSES)
def softmax_loss_of_all_classes(x, y):
    """The softmax loss adds up all classes: only the right class of each sample counts."""
    _, dx = right_loss(x, y)
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs.sum() / len(x), dx


@mistake("softmax_loss.loss", *LOSSES)
def softmax_loss_decimal_logarithm(x, y):
    """The softmax loss takes another logarithm than the natural one."""
    loss, dx = right_loss(x, y)
    return loss / np.log(10), dx


# --- The gradient ---


@mistake("softmax_loss.dx", *GRADIENTS)
def softmax_dx_not_averaged(x, y):
    """The gradient of the softmax loss is as large as the batch: the loss is an average, so its gradient is
    divided too.
    """
    loss, dx = right_loss(x, y)
    return loss, dx * len(x)


@mistake("softmax_loss.dx", *GRADIENTS)
def softmax_dx_is_the_probability(x, y):
    """The gradient of the softmax loss lacks what belongs to the right class: there the probability is less
    by one.
    """
    loss, dx = right_loss(x, y)
    dx[np.arange(len(x)), y] += 1 / len(x)
    return loss, dx


# --- What belongs to the caller ---


@mistake("softmax_loss.loss", scope="beyond")
def softmax_shifts_in_place(x, y):
    """The softmax loss changes the scores that it was given: work on a new array."""
    x -= x.max(axis=1, keepdims=True)
    return right_loss(x, y)
