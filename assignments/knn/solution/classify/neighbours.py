"""The classifier of the k nearest neighbours: distances, votes, and the choice of k by cross-validation."""

import numpy as np


def compute_distances_two_loops(X, X_train):
    """Euclidean distance between each test sample and each training sample, with a loop over both.

    Parameters
    ----------
    X : ndarray, shape (num_test, D)
        Test samples.
    X_train : ndarray, shape (num_train, D)
        Training samples.

    Returns
    -------
    distances : ndarray, shape (num_test, num_train)
        Entry i, j is the distance itself, and not its square, between test sample i and training sample j.
    """
    num_test, num_train = X.shape[0], X_train.shape[0]
    distances = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Compute the distance of each pair, and store them as
    #   "distances". One loop goes over the test samples, the other
    #   over the training samples; none goes over the features.
    # ================================================================ #
    distances = np.zeros((num_test, num_train))
    for i in range(num_test):
        for j in range(num_train):
            distances[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return distances


def compute_distances_one_loop(X, X_train):
    """Euclidean distance between each test sample and each training sample, with a loop over the test samples.

    Parameters and result are those of `compute_distances_two_loops`.
    """
    num_test, num_train = X.shape[0], X_train.shape[0]
    distances = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Fill one row of "distances" at a time.
    #   Hint: what shape has the difference of one sample and all
    #   training samples, and along which of its axes do you add?
    # ================================================================ #
    distances = np.zeros((num_test, num_train))
    for i in range(num_test):
        distances[i] = np.sqrt(np.sum((X_train - X[i]) ** 2, axis=1))
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return distances


def compute_distances_no_loops(X, X_train):
    """Euclidean distance between each test sample and each training sample, without any loop.

    Parameters and result are those of `compute_distances_two_loops`. Without a loop also means without a comprehension,
    `map`, `np.vectorize` and the like.
    """
    distances = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store all distances as "distances".
    #   Hint: which three terms has the square of a difference? One of
    #   them, for all pairs at once, is a product of matrices. Rounding
    #   may leave a square that should be zero slightly below.
    # ================================================================ #
    squares = np.sum(X**2, axis=1)[:, np.newaxis] + np.sum(X_train**2, axis=1) - 2 * X @ X_train.T
    distances = np.sqrt(np.maximum(squares, 0))
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return distances


def predict_labels(distances, y_train, k=1):
    """Let the nearest training samples of each test sample vote on its label.

    Parameters
    ----------
    distances : ndarray, shape (num_test, num_train)
        Distance between each test sample and each training sample.
    y_train : ndarray of int, shape (num_train,)
        Labels of the training samples, none below zero.
    k : int
        How many neighbours vote, 1 <= k <= num_train.

    Returns
    -------
    labels : ndarray of int, shape (num_test,)
        The label that most of the k nearest have. Of several labels with as many votes it is the smallest.
    """
    labels = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Find the k nearest neighbours of each test sample, count the
    #   votes, and store the winners as "labels". You may use loops.
    #   Hint: np.argsort, np.bincount. Which of several largest entries
    #   does np.argmax return?
    # ================================================================ #
    nearest = np.argsort(distances, axis=1)[:, :k]
    labels = np.array([np.argmax(np.bincount(votes)) for votes in y_train[nearest]])
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return labels


def predict(X, X_train, y_train, k=1):
    """Label test samples by the vote of their nearest neighbours.

    Parameters
    ----------
    X : ndarray, shape (num_test, D)
        Test samples.
    X_train : ndarray, shape (num_train, D)
        Training samples.
    y_train : ndarray of int, shape (num_train,)
        Their labels.
    k : int
        How many neighbours vote.

    Returns
    -------
    labels : ndarray of int, shape (num_test,)
        The label of each test sample.
    """
    labels = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the labels as "labels", by two functions above.
    # ================================================================ #
    labels = predict_labels(compute_distances_no_loops(X, X_train), y_train, k)
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return labels


def cross_validate(X, y, k_choices, num_folds=5):
    """Accuracy of each number of neighbours on each fold, by the samples outside of the fold.

    The samples are not shuffled: the folds are those of ``np.array_split``.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        Samples.
    y : ndarray of int, shape (N,)
        Their labels.
    k_choices : sequence of int
        Numbers of neighbours to try.
    num_folds : int
        How many folds there are.

    Returns
    -------
    accuracies : ndarray, shape (len(k_choices), num_folds)
        Share of the samples of a fold that are labelled rightly, between 0 and 1, where the samples of all other folds
        are the training samples.
    """
    accuracies = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Hold out one fold after the other, and store the accuracies as
    #   "accuracies". You may use loops.
    #   Hint: np.array_split gives the folds, np.concatenate puts the
    #   others together.
    # ================================================================ #
    accuracies = np.zeros((len(k_choices), num_folds))
    folds = np.array_split(np.arange(len(X)), num_folds)
    for number, fold in enumerate(folds):
        others = np.concatenate(folds[:number] + folds[number + 1 :])
        for row, k in enumerate(k_choices):
            labels = predict(X[fold], X[others], y[others], k)
            accuracies[row, number] = np.mean(labels == y[fold])
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return accuracies
