"""Public checks of the losses of linear classifiers."""

import numpy as np
import pytest

from grader.student.checks import assert_gradient_fits, assert_matches, part, results

LOSSES = ("svm_loss_naive", "svm_loss_vectorized", "softmax_loss_naive", "softmax_loss_vectorized")


def each(aspect, *names):
    """Mark a check for each of these losses."""
    marked = [pytest.param(name, marks=part(f"{name}.{aspect}"), id=name) for name in names]
    return pytest.mark.parametrize("name", marked)


@each("loss", *LOSSES[:2])
def test_hinge(student, name):
    """With these weights the scores are the samples: one margin of a half, one of two, and the weights' squares.

    Which class has no margin of its own, and does the margin of one score count beyond zero?
    """
    X, y = np.array([[3.0, 2.5, 0.0], [1.0, 4.0, 3.0]]), np.array([0, 2])
    loss = results(getattr(student, name)(np.eye(3), X, y, 0.5), 2, name)[0]
    assert_matches(loss, np.array((0.5 + 2.0) / 2 + 0.5 * 3), "loss")


@each("loss", *LOSSES[2:])
def test_softmax_of_no_weights(student, name):
    """Without weights all classes are equally likely: the loss is the logarithm of their number.

    Are the probabilities divided by their sum over the classes, and the losses by the number of samples?
    """
    loss = results(
        getattr(student, name)(np.zeros((4, 7)), np.ones((3, 4)), np.array([0, 6, 2]), 0.5), 2, name
    )[0]
    assert_matches(loss, np.array(np.log(7)), "loss")


@each("loss", *LOSSES[2:])
def test_softmax_of_large_scores(student, rng, name):
    """Adding a thousand to the scores of all classes changes nothing.

    What may be taken from all scores of a sample, so that no exponential is too large?
    """
    W, X, y = (
        rng.normal(size=(4, 5)),
        np.c_[rng.normal(size=(6, 3)), np.ones(6)],
        np.array([0, 4, 2, 2, 1, 3]),
    )
    small, _ = results(getattr(student, name)(W, X, y, 0.0), 2, name)
    large, _ = results(
        getattr(student, name)(W + np.array([[0.0], [0.0], [0.0], [1000.0]]), X, y, 0.0), 2, name
    )
    assert_matches(large, np.asarray(small if small is not None else 0.0), "loss")


@each("dW", *LOSSES)
def test_gradients(student, rng, name):
    """The gradient fits the loss itself.

    Is the regularisation in the gradient as in the loss, and is each divided by the number of samples once?
    """
    W, X, y = rng.normal(size=(4, 5)), rng.normal(size=(6, 4)), np.array([0, 4, 2, 2, 1, 3])

    def loss(value):
        return np.asarray(results(getattr(student, name)(value, X, y, 0.1), 2, name)[0], dtype=float)

    _, dW = results(getattr(student, name)(W, X, y, 0.1), 2, name)
    assert_gradient_fits(loss, W, dW, None, rng, what="dW", needs=name, axes=("feature", "class"))
