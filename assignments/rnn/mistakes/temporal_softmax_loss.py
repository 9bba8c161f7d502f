"""Mistakes in the softmax loss over time."""

import numpy as np

from grader.bank import mistake

BOTH = ("temporal_softmax_loss.loss", "temporal_softmax_loss.dx", "CaptionNet.loss", "CaptionNet.grads")


def loss_of(x, y, weights, shift=None):
    """Return loss and gradient where each word counts with a weight."""
    shifted = x - (x.max(axis=2, keepdims=True) if shift is None else shift)
    with np.errstate(all="ignore"):
        logs = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
        where = (*np.ogrid[: x.shape[0], : x.shape[1]], y)
        dx = np.exp(logs)
        dx[where] -= 1
        return -np.sum(logs[where] * weights), dx * weights[:, :, None]


@mistake(*BOTH)
def softmax_counts_every_word(x, y, mask):
    """Every word counts, also where the mask says that it does not."""
    return loss_of(x, y, np.ones(y.shape) / len(x))


@mistake("temporal_softmax_loss.dx", "CaptionNet.grads")
def softmax_masks_loss_alone(x, y, mask):
    """Words that do not count are left out of the loss, but not of its gradient."""
    return loss_of(x, y, mask / len(x))[0], loss_of(x, y, np.ones(y.shape) / len(x))[1]


@mistake(*BOTH)
def softmax_averaged_over_words(x, y, mask):
    """The loss is averaged over the words that count: it is added up over steps and averaged over sequences."""
    return loss_of(x, y, mask / mask.sum())


@mistake(*BOTH)
def softmax_averaged_over_steps(x, y, mask):
    """The loss is averaged over the steps as well: it is added up over steps and averaged over sequences."""
    return loss_of(x, y, mask / mask.size)


@mistake("temporal_softmax_loss.loss", "temporal_softmax_loss.dx", "CaptionNet.loss", "CaptionNet.grads")
def softmax_not_averaged(x, y, mask):
    """The loss is added up over the sequences: it is averaged over them."""
    return loss_of(x, y, mask * 1.0)


@mistake("temporal_softmax_loss.dx", "CaptionNet.grads")
def softmax_gradient_not_averaged(x, y, mask):
    """The loss is averaged over the sequences, but its gradient is not."""
    return loss_of(x, y, mask / len(x))[0], loss_of(x, y, mask * 1.0)[1]


@mistake("temporal_softmax_loss.dx", "CaptionNet.grads")
def softmax_gradient_without_right_word(x, y, mask):
    """The gradient is the probabilities alone: of that of the right word one is subtracted."""
    loss, dx = loss_of(x, y, mask / len(x))
    dx[(*np.ogrid[: x.shape[0], : x.shape[1]], y)] += mask / len(x)
    return loss, dx


@mistake("temporal_softmax_loss.loss")
def softmax_overflows(x, y, mask):
    """The exponentials of large scores are too large for a number: before, the largest score of each step can be
    subtracted from all of that step.
    """
    return loss_of(x, y, mask / len(x), shift=0.0)
