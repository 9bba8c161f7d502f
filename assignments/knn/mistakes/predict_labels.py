"""Mistakes in the vote of the nearest neighbours."""

import numpy as np

from grader.bank import mistake

EVERYWHERE = ("predict_labels", "predict", "cross_validate")


def votes_of(distances, y_train, k):
    """Return the labels of the k nearest, the nearest first."""
    return y_train[np.argsort(distances, axis=1)[:, :k]]


def winners(votes):
    """Return the label with most votes in each row, the smallest of several."""
    return np.array([np.argmax(np.bincount(each)) for each in votes])


# --- Who votes ---


@mistake(*EVERYWHERE)
def labels_of_the_farthest(distances, y_train, k=1):
    """The k farthest neighbours vote: np.argsort puts the smallest first."""
    return winners(y_train[np.argsort(distances, axis=1)[:, ::-1][:, :k]])


@mistake(*EVERYWHERE)
def labels_skip_the_nearest(distances, y_train, k=1):
    """The nearest neighbour is left out, as if it were the sample itself: test samples are not among the training
    samples.
    """
    return winners(votes_of(distances, y_train, k + 1)[:, 1:])


@mistake(*EVERYWHERE)
def labels_one_voter_too_many(distances, y_train, k=1):
    """One neighbour more than k votes: the first k are those below index k."""
    return winners(votes_of(distances, y_train, k + 1))


@mistake(*EVERYWHERE)
def labels_of_the_nearest_alone(distances, y_train, k=1):
    """The nearest neighbour decides alone, whatever k is."""
    return votes_of(distances, y_train, 1)[:, 0]


# --- How the votes are counted ---


@mistake(*EVERYWHERE)
def labels_ties_to_the_larger(distances, y_train, k=1):
    """Of several labels with as many votes the largest wins: the smallest should."""
    votes = votes_of(distances, y_train, k)
    return np.array([np.flatnonzero(np.bincount(each) == np.bincount(each).max())[-1] for each in votes])


@mistake(*EVERYWHERE)
def labels_ties_to_the_nearest(distances, y_train, k=1):
    """Of several labels with as many votes the one of the nearest neighbour wins: the smallest should.

    Counter.most_common and max(..., key=votes.count) return what comes first.
    """
    votes = votes_of(distances, y_train, k).tolist()
    return np.array([max(each, key=each.count) for each in votes])


@mistake(*EVERYWHERE)
def labels_averaged(distances, y_train, k=1):
    """The labels of the neighbours are averaged and rounded: labels are names, and none lies between others."""
    return np.rint(votes_of(distances, y_train, k).mean(axis=1)).astype(int)


@mistake(*EVERYWHERE)
def labels_are_indices(distances, y_train, k=1):
    """What is returned is the index of the nearest training sample, and not its label."""
    return np.argmin(distances, axis=1)
