"""Public checks of the k nearest neighbours."""

import numpy as np
import pytest

from grader.student.checks import assert_matches, part

DISTANCES = ("compute_distances_two_loops", "compute_distances_one_loop", "compute_distances_no_loops")
EACH = pytest.mark.parametrize("name", [pytest.param(each, marks=part(each), id=each) for each in DISTANCES])


@EACH
def test_distances(student, name):
    """Right-angled triangles with whole sides have the distances that one knows.

    Which axis does the sum of squares run over, and is the root taken of the sum or of each term?
    """
    X = np.array([[0.0, 0.0], [3.0, 4.0]])
    X_train = np.array([[0.0, 0.0], [5.0, 12.0], [8.0, 4.0]])
    expected = np.array([[0.0, 13.0, np.sqrt(80.0)], [5.0, np.sqrt(68.0), 5.0]])
    assert_matches(
        getattr(student, name)(X, X_train), expected, "distances", ("test sample", "training sample")
    )


@EACH
def test_moved(student, rng, name):
    """Moving all samples by the same amount changes no distance.

    Which of your terms change when all samples move, and do their changes cancel, signs included?
    """
    X, X_train, move = rng.normal(size=(3, 5)), rng.normal(size=(4, 5)), rng.normal(size=5)
    before = getattr(student, name)(X, X_train)
    after = getattr(student, name)(X + move, X_train + move)
    assert_matches(after, np.asarray(before if before is not None else 0.0), "distances")


@part("predict_labels")
def test_vote(student):
    """Three neighbours vote: two of one label against one of another, whatever the nearest is.

    Are the k smallest distances taken, and are they labels or places that you count?
    """
    distances = np.array([[1.0, 2.0, 3.0, 9.0], [9.0, 8.0, 7.0, 1.0]])
    labels = student.predict_labels(distances, np.array([2, 1, 1, 0]), 3)
    assert_matches(labels, np.array([1, 1]), "labels")


@part("predict_labels")
def test_tie(student):
    """Where two labels have as many votes the smaller one wins, though the other one is nearer.

    Which label comes first where your count has two that are equal?
    """
    labels = student.predict_labels(np.array([[0.5, 0.7, 0.9]]), np.array([3, 1, 2]), 2)
    assert_matches(labels, np.array([1]), "labels")


@part("predict")
def test_prediction(student):
    """The nearest neighbour decides alone, or three together.

    Over which samples does each row of distances run, those of the test or those of the training?
    """
    X_train, y_train = np.array([[0.0], [1.0], [1.5], [9.0]]), np.array([4, 2, 2, 0])
    X = np.array([[0.2], [8.0]])
    assert_matches(student.predict(X, X_train, y_train, 1), np.array([4, 0]), "labels")
    assert_matches(student.predict(X, X_train, y_train, 3), np.array([2, 2]), "labels")


@part("cross_validate")
def test_cross_validation(student):
    """Two clusters, and one sample in each half that is labelled like the other cluster.

    Which samples may a fold that is held out be compared with, and which may it not?
    """
    X = np.array([[0.0], [0.2], [5.0], [0.1], [5.1], [5.2]])
    y = np.array([0, 0, 1, 0, 0, 1])
    accuracies = student.cross_validate(X, y, [1], 2)
    assert_matches(accuracies, np.array([[2 / 3, 2 / 3]]), "accuracies", ("k", "fold"))
