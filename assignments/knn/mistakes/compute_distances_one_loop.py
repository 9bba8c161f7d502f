"""Mistakes in the distances with one loop."""

import numpy as np

from grader.bank import mistake


@mistake("compute_distances_one_loop")
def one_loop_without_root(X, X_train):
    """These are the squares of the distances: the root is missing."""
    return np.array([np.sum((X_train - x) ** 2, axis=1) for x in X])


@mistake("compute_distances_one_loop")
def one_loop_adds_over_everything(X, X_train):
    """All entries of a row are alike: the squares are added over training samples and features at once. Each training
    sample needs a sum of its own, over the features.
    """
    return np.array([np.full(len(X_train), np.sqrt(np.sum((X_train - x) ** 2))) for x in X])


@mistake("compute_distances_one_loop")
def one_loop_squares_the_sum(X, X_train):
    """The differences are added first and squared afterwards: differences of opposite signs cancel."""
    return np.array([np.sqrt(np.sum(X_train - x, axis=1) ** 2) for x in X])
