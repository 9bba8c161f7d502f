"""Mistakes in the distances with two loops."""

import numpy as np

from grader.bank import mistake


@mistake("compute_distances_two_loops")
def two_loops_without_root(X, X_train):
    """These are the squares of the distances: the root is missing."""
    return np.array([[np.sum((x - other) ** 2) for other in X_train] for x in X])


@mistake("compute_distances_two_loops")
def two_loops_of_absolute_values(X, X_train):
    """The absolute differences are added up, which is the Manhattan distance and not the Euclidean one."""
    return np.array([[np.sum(np.abs(x - other)) for other in X_train] for x in X])


@mistake("compute_distances_two_loops")
def two_loops_transposed(X, X_train):
    """Rows and columns have changed places: the first axis of the distances belongs to the test samples."""
    return np.array([[np.sqrt(np.sum((x - other) ** 2)) for x in X] for other in X_train])


@mistake("compute_distances_two_loops")
def two_loops_fill_one_row(X, X_train):
    """Only the distances of the last test sample are filled in, all others are zero: the inner loop is to run for each
    test sample.

    It stands behind the outer loop, and not in it.
    """
    distances = np.zeros((len(X), len(X_train)))
    for j in range(len(X_train)):
        distances[-1, j] = np.sqrt(np.sum((X[-1] - X_train[j]) ** 2))
    return distances
