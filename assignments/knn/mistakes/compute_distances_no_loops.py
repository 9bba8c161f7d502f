"""Mistakes in the distances without loops."""

import numpy as np

from grader.bank import mistake

HERE = ("compute_distances_no_loops", "compute_distances_no_loops.speed")
PREDICTED = ("predict", "cross_validate")

# --- The three terms ---


@mistake(*HERE)
def no_loops_without_root(X, X_train):
    """These are the squares of the distances: the root is missing."""
    return np.sum((X[:, np.newaxis] - X_train) ** 2, axis=2)


@mistake(*HERE, *PREDICTED)
def no_loops_adds_product(X, X_train):
    """The product of the two samples is added twice: in the square of a difference it is subtracted."""
    return np.sqrt(
        np.maximum(np.sum(X**2, axis=1)[:, None] + np.sum(X_train**2, axis=1) + 2 * X @ X_train.T, 0)
    )


@mistake(*HERE, *PREDICTED)
def no_loops_product_once(X, X_train):
    """The product of the two samples is subtracted once: the square of a difference has it twice."""
    return np.sqrt(np.sum(X**2, axis=1)[:, None] + np.sum(X_train**2, axis=1) - X @ X_train.T)


@mistake(*HERE)
def no_loops_one_norm_for_all_tests(X, X_train):
    """The squares of all test samples are added up to one number: each test sample has a norm of its own.

    For a given test sample it moves all distances alike, so that the nearest are the nearest still.
    """
    return np.sqrt(np.maximum(np.sum(X**2) + np.sum(X_train**2, axis=1) - 2 * X @ X_train.T, 0))


@mistake(*HERE, *PREDICTED)
def no_loops_one_norm_for_all_training(X, X_train):
    """The squares of all training samples are added up to one number: each training sample has a norm of its own."""
    return np.sqrt(np.maximum(np.sum(X**2, axis=1)[:, None] + np.sum(X_train**2) - 2 * X @ X_train.T, 0))


@mistake(*HERE, *PREDICTED)
def no_loops_of_absolute_values(X, X_train):
    """The absolute differences are added up, which is the Manhattan distance and not the Euclidean one."""
    return np.sum(np.abs(X[:, np.newaxis] - X_train), axis=2)


# --- Loops ---


@mistake("compute_distances_no_loops")
def no_loops_with_one(X, X_train):
    """The distances are right, and computed with loops: all of them can come from a few products of arrays."""
    return np.array([np.sqrt(np.sum((X_train - x) ** 2, axis=1)) for x in X])


@mistake(*HERE)
def no_loops_with_two(X, X_train):
    """The distances are right, and computed with loops: all of them can come from a few products of arrays."""
    distances = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        for j in range(len(X_train)):
            distances[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
    return distances


# --- What belongs to the caller ---


@mistake("compute_distances_no_loops", scope="beyond")
def no_loops_scales_samples_in_place(X, X_train):
    """The distances are right, and the test samples were multiplied on the way: they belong to the caller."""
    squares = np.sum(X**2, axis=1)[:, None] + np.sum(X_train**2, axis=1)
    X *= -2
    return np.sqrt(np.maximum(squares + X @ X_train.T, 0))
