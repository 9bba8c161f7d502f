"""Hidden checks of word vectors and of the loss of words over time."""

import numpy as np
import pytest

from grader.checking import (
    Derivation,
    Effort,
    assert_matches,
    cache_of,
    part,
    results,
    run_backward,
    timed,
)

VECTOR_AXES = ("sequence", "step", "entry")
SCORE_AXES = ("sequence", "step", "word")

# --- word vectors -------------------------------------------------------------------------------------------------


def draw_words(rng, count=7, entries=3, large=1.0):
    """Draw sequences in which words repeat and one never comes, and vectors of all words."""
    x = rng.integers(count - 1, size=(4, 5))
    x[1, 2] = x[1, 3] = x[3, 0] = x[0, 0]
    return x, large * rng.normal(size=(count, entries))


@part("word_embedding_forward")
def test_vectors(student, reference, rng):
    """Each word has its vector."""
    args = draw_words(rng)
    out, _ = results(student.word_embedding_forward(*args), 2, "word_embedding_forward")
    assert_matches(out, reference.word_embedding_forward(*args)[0], axes=VECTOR_AXES)


def embedding_gradient(student, reference, args, dout):
    """Return the gradient of both sides."""
    cache = cache_of(lambda: student.word_embedding_forward(*args))
    actual = run_backward(
        lambda: student.word_embedding_backward(dout, cache), cache, "word_embedding_forward"
    )
    return actual, reference.word_embedding_backward(dout, reference.word_embedding_forward(*args)[1])


@part("word_embedding_backward")
def test_vectors_gradient(student, reference, draw):
    """The gradient of the vectors is right, though words come several times and one does not come at all."""

    def at(rng, **options):
        args = draw_words(rng, **options)
        dout = rng.normal(size=(*args[0].shape, args[1].shape[1]))
        return timed(student.cpu_seconds, lambda: embedding_gradient(student, reference, args, dout))

    def at_size(count, look):
        both, seconds = at(draw("embedding", count, look), count=count)
        return {"dW": both}, Effort(student=seconds, entries=3 * count)

    (actual, expected), _ = at(draw("embedding"))
    assert_matches(actual, expected, "dW", ("word", "entry"))
    derivation = Derivation(
        lambda: {"dW": at(draw("embedding", "large"), large=1e12)[0]}, at_size, (64, 128, 256, 512)
    )
    derivation.demand("dW")


# --- temporal_softmax_loss ----------------------------------------------------------------------------------------

SCORES = {"of order one": 0.0, "around a thousand": 1000.0}


def draw_scores(rng, scores, count=6):
    """Draw scores, right words, and which of these count: all of one sequence, some of the others."""
    mask = rng.random(size=(4, 5)) < 0.6
    mask[0], mask[1, :2], mask[2, -2:] = True, False, False
    offsets = SCORES[scores] * rng.uniform(
        0.5, 2.0, size=(4, 5, 1)
    )  # what is taken from one step does not do for another
    return offsets + 2 * rng.normal(size=(4, 5, count)), rng.integers(count, size=(4, 5)), mask


def both_losses(student, reference, args):
    """Return loss and gradient of both sides."""
    name = "temporal_softmax_loss"
    return results(student.temporal_softmax_loss(*args), 2, name), reference.temporal_softmax_loss(*args)


@part("temporal_softmax_loss.loss")
@pytest.mark.parametrize("scores", SCORES)
def test_loss(student, reference, rng, scores):
    """The loss is right for scores {scores}, where some words do not count."""
    (loss, _), (right, _) = both_losses(student, reference, draw_scores(rng, scores))
    assert_matches(loss, np.asarray(right), "loss")


@part("temporal_softmax_loss.dx")
def test_scores_gradient(student, reference, draw):
    """The gradient of the scores is right, where some words do not count."""

    def at_size(count, look):
        args = draw_scores(draw("softmax", count, look), "of order one", count)
        both, seconds = timed(student.cpu_seconds, lambda: both_losses(student, reference, args))
        (_, actual), (_, expected) = both
        return {"dx": (actual, expected)}, Effort(student=seconds, entries=20 * count)

    (_, actual), (_, expected) = both_losses(student, reference, draw_scores(draw("softmax"), "of order one"))
    assert_matches(actual, expected, "dx", SCORE_AXES)
    Derivation(dict, at_size, (16, 32, 64, 128, 256, 512)).demand("dx")
