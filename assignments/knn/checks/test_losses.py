"""Hidden checks of the losses of linear classifiers."""

from dataclasses import dataclass

import numpy as np
import pytest

from grader.checking import Failed, assert_faster, assert_matches, assert_no_loops, part, results, witnessed

AXES = ("feature", "class")


@dataclass(frozen=True)
class Task:
    """How large a classifier and its batch are, and its scores."""

    words: str
    samples: int
    features: int
    classes: int
    reg: float = 0.3
    offset: float = 0.0

    def __str__(self):
        return self.words


WIDE = Task("few samples of many features", 9, 14, 5)
TALL = Task("many samples of few features", 13, 3, 6)
LARGE_SCORES = Task("large scores", 8, 5, 4, offset=1000.0)
TIMED = Task("a large batch", 300, 10, 25)


def batch(rng, task):
    """Draw weights, samples, labels and the strength of the regularisation."""
    # Scores of order one: then there are margins between zero and one as well.
    W = rng.normal(size=(task.features, task.classes)) / np.sqrt(task.features)
    X = rng.normal(size=(task.samples, task.features))
    if task.offset:
        # The last feature makes the scores of all classes but the first large, by another number for each sample: what
        # is subtracted from one sample's scores does not do for another's.
        W[-1], X[:, -1] = 1, rng.permutation(np.linspace(0.1, 2, task.samples)) * task.offset
        W[-1, 0] = 0
    return W, X, rng.integers(task.classes, size=task.samples), task.reg


def answer(student, name, drawn):
    """Return the student's loss and gradient."""
    return results(getattr(student, name)(*drawn), 2, name)


def check_loss(student, reference, name, drawn):
    """Compare a loss, which must be a single number."""
    loss, _ = answer(student, name, drawn)
    if loss is not None and np.size(loss) != 1:
        raise Failed(f"The loss has shape {np.shape(loss)}; it is one number.")
    assert_matches(loss, np.asarray(getattr(reference, name)(*drawn)[0]), "loss")


def check_gradient(student, reference, name, drawn):
    """Compare a gradient."""
    _, dW = answer(student, name, drawn)
    assert_matches(dW, getattr(reference, name)(*drawn)[1], "dW", AXES)
    return dW


def cases(aspect):
    """Return each loss with each of its tasks, marked with the part that it is of."""
    for name in ("svm_loss_naive", "svm_loss_vectorized", "softmax_loss_naive", "softmax_loss_vectorized"):
        for task, id in ((WIDE, "wide"), (TALL, "tall"), (LARGE_SCORES, "large")):
            if id != "large" or name.startswith("softmax"):
                yield pytest.param(name, task, id=f"{name}-{id}", marks=part(f"{name}.{aspect}"))


@pytest.mark.parametrize(("name", "task"), [*cases("loss")])
def test_loss(student, reference, rng, name, task):
    """The loss is right for {task}."""
    check_loss(student, reference, name, batch(rng, task))


@pytest.mark.parametrize(("name", "task"), [*cases("dW")])
def test_gradient(student, reference, rng, name, task):
    """The gradient is right for {task}."""
    check_gradient(student, reference, name, batch(rng, task))


VECTORIZED = ("svm_loss_vectorized", "softmax_loss_vectorized")


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=part(f"{each}.dW", weight=2)) for each in VECTORIZED]
)
def test_written_without_loops(student, reference, rng, name):
    """Loss and gradient come without a loop."""
    dW = check_gradient(student, reference, name, batch(rng, WIDE))
    with witnessed(dW):
        assert_no_loops(getattr(student, name))


@pytest.mark.parametrize("name", [pytest.param(each, marks=part(f"{each}.speed")) for each in VECTORIZED])
def test_speed(student, reference, draw, name):
    """Loss and gradient come at least five times as fast as with loops."""
    naive = getattr(reference, name.replace("vectorized", "naive"))
    inputs = lambda number: batch(draw(name, "speed", number), TIMED)  # noqa: E731
    assert_faster(getattr(student, name), than=naive, times=5, inputs=inputs)
