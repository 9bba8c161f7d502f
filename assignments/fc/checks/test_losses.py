"""Hidden checks of softmax_loss and svm_loss."""

from dataclasses import dataclass

import numpy as np
import pytest

from grader.checking import (
    Derivation,
    Effort,
    Failed,
    assert_matches,
    assert_unchanged,
    beyond,
    part,
    remark_unless_right,
    require_written,
    results,
    timed,
)

SHAPE = (7, 4)
AXES = ("sample", "class")


@dataclass(frozen=True)
class Scores:
    """How large the scores are: their spread within a sample and what all of a sample's are moved by."""

    words: str
    spread: float
    offset: float

    def __str__(self):
        return self.words


ORDINARY = Scores("of order one", 1.5, 0.0)
LARGE = Scores("around a thousand", 3.0, 1000.0)
LOW = Scores("around minus a thousand", 3.0, -1000.0)
FAR_APART = Scores("thousands apart", 2000.0, 0.0)


def batch(rng, scores, shape=SHAPE):
    """Draw the scores of a batch and its labels."""
    # Offsets far apart, so that what is subtracted from one sample's scores does not do for another's.
    offsets = scores.offset * rng.permutation(np.linspace(0.1, 2, shape[0]))
    return rng.normal(size=shape) * scores.spread + offsets[:, None], rng.integers(shape[1], size=shape[0])


def answer(student, name, scores, labels):
    """Return the student's loss and gradient."""
    return results(getattr(student, name)(scores, labels), 2, name)


def check_loss(student, reference, name, drawn):
    """Compare a loss, which must be a single number."""
    loss, _ = answer(student, name, *drawn)
    if loss is not None and np.size(loss) != 1:
        raise Failed(f"The loss has shape {np.shape(loss)}; it is one number, the average over the batch.")
    assert_matches(loss, np.asarray(getattr(reference, name)(*drawn)[0]), "loss")


def check_gradient(student, reference, name, drawn):
    """Compare the gradient of a loss."""
    _, dx = answer(student, name, *drawn)
    assert_matches(dx, getattr(reference, name)(*drawn)[1], "dx", AXES)


def derivation_of(name, student, reference, draw):
    """Return how a loss's gradient comes about: trying every score out would give it, too."""

    def at_size(samples, look):
        drawn = batch(draw(name, samples, look), ORDINARY, (samples, 8))
        actual, theirs = timed(student.cpu_seconds, lambda: answer(student, name, *drawn))
        expected = getattr(reference, name)(*drawn)
        return {"dx": (actual[1], expected[1])}, Effort(student=theirs, entries=samples * 8)

    return Derivation(dict, at_size, sizes=(16, 32, 64, 128, 256, 512, 1024))


@pytest.fixture(scope="module")
def softmax_derivation(student, reference, draw):
    """How the gradient of the softmax loss comes about."""
    return derivation_of("softmax_loss", student, reference, draw)


@pytest.fixture(scope="module")
def svm_derivation(student, reference, draw):
    """How the gradient of the hinge loss comes about."""
    return derivation_of("svm_loss", student, reference, draw)


@part("softmax_loss.loss")
@pytest.mark.parametrize("scores", [ORDINARY, LARGE, LOW], ids=["ordinary", "large", "low"])
def test_softmax_loss(student, reference, rng, scores):
    """The loss is right for scores {scores}."""
    check_loss(student, reference, "softmax_loss", batch(rng, scores))


@part("softmax_loss.dx")
@pytest.mark.parametrize("scores", [ORDINARY, LARGE, LOW], ids=["ordinary", "large", "low"])
def test_softmax_gradient(student, reference, rng, softmax_derivation, scores):
    """The gradient is right for scores {scores}."""
    check_gradient(student, reference, "softmax_loss", batch(rng, scores))
    softmax_derivation.demand("dx")


@beyond("softmax_loss.loss")
def test_softmax_far_apart(student, reference, rng):
    """The loss stays finite and right where scores are thousands apart and probabilities vanish."""
    check_loss(student, reference, "softmax_loss", batch(rng, FAR_APART))


@beyond("softmax_loss.loss")
def test_softmax_scores_kept(student, rng):
    """The softmax loss leaves the scores as they were."""
    scores, labels = batch(rng, ORDINARY)
    kept = student.put(scores)
    require_written(student.softmax_loss(kept, labels))
    assert_unchanged(kept.value(), scores, "the scores")


@part("svm_loss.loss")
def test_svm_loss(student, reference, rng):
    """The hinge loss is right."""
    check_loss(student, reference, "svm_loss", batch(rng, ORDINARY))


@part("svm_loss.dx")
def test_svm_gradient(student, reference, rng, svm_derivation):
    """The gradient of the hinge loss is right."""
    check_gradient(student, reference, "svm_loss", batch(rng, ORDINARY))
    svm_derivation.demand("dx")
    scores, labels = batch(rng, ORDINARY)
    scores[:] = rng.choice([-1.0, 1.0], size=SHAPE) * 1e-10
    scores[np.arange(len(labels)), labels] = 1.0

    def gradients():
        return {"dx": (answer(student, "svm_loss", scores, labels)[1], reference.svm_loss(scores, labels)[1])}

    remark_unless_right(student, "svm_loss", "where a margin is all but met", gradients)
