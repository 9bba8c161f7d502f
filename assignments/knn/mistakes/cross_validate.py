"""Mistakes in the cross-validation."""

import numpy as np

from classify.neighbours import cross_validate as right_accuracies, predict
from grader.bank import mistake


def accuracies_of(X, y, k_choices, num_folds, trained_on):
    """Return the accuracies on each fold, of what is trained on the samples that a function of all folds returns."""
    folds = np.array_split(np.arange(len(X)), num_folds)
    found = np.zeros((len(k_choices), num_folds))
    for number, fold in enumerate(folds):
        others = trained_on(folds, number)
        for row, k in enumerate(k_choices):
            found[row, number] = np.mean(predict(X[fold], X[others], y[others], k) == y[fold])
    return found


# --- Who trains ---


@mistake("cross_validate")
def folds_train_on_all(X, y, k_choices, num_folds=5):
    """The fold that is held out is among the training samples as well: each sample is its own nearest neighbour."""
    return accuracies_of(X, y, k_choices, num_folds, lambda folds, _number: np.concatenate(folds))


@mistake("cross_validate")
def folds_train_on_one(X, y, k_choices, num_folds=5):
    """Only one other fold trains: all but the one that is held out should."""
    return accuracies_of(X, y, k_choices, num_folds, lambda folds, number: folds[number - 1])


# --- What is measured ---


@mistake("cross_validate")
def accuracies_counted(X, y, k_choices, num_folds=5):
    """These are numbers of right labels: the accuracy is their share in the fold."""
    sizes = [len(fold) for fold in np.array_split(np.arange(len(X)), num_folds)]
    return right_accuracies(X, y, k_choices, num_folds) * sizes


@mistake("cross_validate")
def accuracies_are_errors(X, y, k_choices, num_folds=5):
    """These are the shares of wrong labels: the accuracy is the share of right ones."""
    return 1 - right_accuracies(X, y, k_choices, num_folds)


@mistake("cross_validate")
def accuracies_transposed(X, y, k_choices, num_folds=5):
    """Rows and columns have changed places: the first axis belongs to the numbers of neighbours."""
    return right_accuracies(X, y, k_choices, num_folds).T


@mistake("cross_validate")
def accuracies_averaged(X, y, k_choices, num_folds=5):
    """The folds are averaged already: each is asked for."""
    return right_accuracies(X, y, k_choices, num_folds).mean(axis=1)
