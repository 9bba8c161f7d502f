"""Public checks of softmax_loss and svm_loss."""

import numpy as np
import pytest

from grader.student.checks import assert_gradient_fits, assert_matches, part, results


@part("softmax_loss.loss")
def test_softmax_of_equal_scores(student):
    """Equal scores find all classes equally likely: the loss is the logarithm of their number.

    What probability does each class get, and what is its logarithm?
    """
    loss = results(student.softmax_loss(np.zeros((3, 8)), np.array([0, 5, 7])), 2, "softmax_loss")[0]
    assert_matches(loss, np.array(np.log(8)), "loss")


@part("softmax_loss.loss")
def test_softmax_of_large_scores(student, rng):
    """Adding a thousand to all scores changes nothing.

    What is exp(1000), and what may be taken off all scores before?
    """
    scores, labels = rng.normal(size=(4, 5)), np.array([0, 4, 2, 2])
    small, _ = results(student.softmax_loss(scores, labels), 2, "softmax_loss")
    large, _ = results(student.softmax_loss(scores + 1000.0, labels), 2, "softmax_loss")
    assert_matches(large, np.asarray(small if small is not None else 0.0), "loss")


@part("svm_loss.loss")
def test_svm(student):
    """A wrong class costs what its score lacks to being one below the right one, on average over the samples.

    Which of the margins count, and does the right class itself?
    """
    scores = np.array([[3.0, 2.5, 0.0], [1.0, 4.0, 2.0]])
    loss = results(student.svm_loss(scores, np.array([0, 2])), 2, "svm_loss")[0]
    assert_matches(loss, np.array(1.75), "loss")


LOSSES = [pytest.param(each, marks=part(f"{each}.dx"), id=each) for each in ("softmax_loss", "svm_loss")]


@pytest.mark.parametrize("name", LOSSES)
def test_gradients(student, rng, name):
    """The gradient of {name} fits the loss itself.

    By how much does the loss change when one score grows, and is it averaged?
    """
    scores, labels = rng.normal(size=(4, 5)), np.array([0, 4, 2, 2])

    def loss(value):
        return np.asarray(results(getattr(student, name)(value, labels), 2, name)[0], dtype=float)

    _, dx = results(getattr(student, name)(scores, labels), 2, name)
    assert_gradient_fits(loss, scores, dx, None, rng, what="dx", needs=name, axes=("sample", "class"))
