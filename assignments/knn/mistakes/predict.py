"""Mistakes in the prediction."""

from classify.neighbours import compute_distances_no_loops, predict_labels
from grader.bank import mistake

BOTH = ("predict", "cross_validate")


@mistake(*BOTH)
def predict_forgets_k(X, X_train, y_train, k=1):
    """The number of neighbours is not passed on: one alone decides."""
    return predict_labels(compute_distances_no_loops(X, X_train), y_train)


@mistake(*BOTH)
def predict_swaps_samples(X, X_train, y_train, k=1):
    """Test and training samples have changed places in the call that computes the distances."""
    return predict_labels(compute_distances_no_loops(X_train, X), y_train, k)
