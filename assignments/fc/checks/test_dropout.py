"""Hidden checks of dropout_forward and dropout_backward.

The docstring's p is the probability to keep. Elsewhere it is that to drop; who has learnt it so and is consistent
about it loses nothing here. Inputs lie between one and two, so that a zero was dropped and nothing else.
"""

import numpy as np
import pytest

from grader.checking import (
    Failed,
    NotImplementedYet,
    assert_matches,
    beyond,
    cache_of,
    part,
    results,
    run_backward,
    shape_words,
    witnessed,
)

FORWARD = "dropout_forward"
SHAPE = (200, 150)
"""So many elements that no share passes for that of two conventions."""


def draw_input(rng, shape=SHAPE):
    """Draw an input without zeros."""
    return rng.uniform(1, 2, size=shape)


def run_train(student, x, param):
    """Return the student's output in train mode, an array of the input's shape, and the cache."""
    out, cache = results(student.dropout_forward(x, {"mode": "train", **param}), 2, FORWARD)
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")
    if np.shape(out) != x.shape:
        raise Failed(
            f"The output has {shape_words(np.shape(out), x.shape)} instead of {x.shape}, that of the input."
        )
    return np.asarray(out, dtype=float), cache


def run_seeded(student, x, param):
    """Return the same of a call that draws what a known mistake draws, whether it heeds its own seed or has none."""
    _ = student.dropout_forward  # loaded first: what its module draws is no part of the drawing
    student.seed(5)
    return run_train(student, x, param)


def share_kept(out, p):
    """Return the probability to keep that the output was made with: p or, in the other convention, 1 - p."""
    deviation = np.sqrt(p * (1 - p) / out.size)
    for share in (p, 1 - p):
        if abs(np.mean(out != 0) - share) < 6 * deviation:
            return share
    with witnessed(out):
        raise Failed(f"With p = {p} a share of {np.mean(out != 0):.2f} of the elements is kept.")


def likeness_of_neighbours(kept):
    """Yield the correlation of elements with others a few places away, along either axis."""
    mask = (kept - kept.mean()) / kept.std()
    for far in range(1, 6):
        yield np.mean(mask[far:] * mask[:-far])
        yield np.mean(mask[:, far:] * mask[:, :-far])


@part(f"{FORWARD}.train")
@pytest.mark.parametrize("p", [0.25, 0.7])
def test_share(student, rng, p):
    """The right share of the elements is kept, with p = {p}."""
    share_kept(run_seeded(student, draw_input(rng), {"p": p})[0], p)


@part(f"{FORWARD}.train")
@pytest.mark.parametrize("p", [0.25, 0.7])
def test_values(student, rng, p):
    """What is kept is divided by the probability to be kept, with p = {p}."""
    x = draw_input(rng)
    # With a seed a known mistake draws the same elements, so that it can be recognised by its values.
    out, _ = run_train(student, x, {"p": p, "seed": 5})
    assert_matches(out, np.where(out != 0, x / share_kept(out, p), 0.0))


@part(f"{FORWARD}.train")
def test_draws_anew(student, rng):
    """Without a seed each call drops other elements, each independently of the others."""
    x = draw_input(rng)
    first, _ = run_seeded(student, x, {"p": 0.7})
    second, _ = run_train(student, x, {"p": 0.7})
    kept = first != 0
    with witnessed(first):
        if np.array_equal(kept, second != 0):
            raise Failed("Two calls dropped the same elements.")
        if np.all(kept == kept[0]) or np.all(kept == kept[:, :1]):
            raise Failed("Whole rows or columns are dropped together.")
        if any(abs(each) > 6 / np.sqrt(kept.size) for each in likeness_of_neighbours(kept)):
            raise Failed("Which elements are dropped hangs on which of their neighbours are.")


@part(f"{FORWARD}.train")
def test_seed(student, rng):
    """With the same seed two calls drop the same elements, as a numerical gradient needs it."""
    x = draw_input(rng)
    first, second = (run_train(student, x, {"p": 0.7, "seed": 11})[0] != 0 for _ in range(2))
    share_kept(first, 0.7)
    if not np.array_equal(first, second):
        raise Failed("Two calls with one seed dropped different elements.")


@part(f"{FORWARD}.test")
def test_test_mode(student, rng):
    """In test mode the input comes out as it is."""
    x = draw_input(rng, (6, 5))
    out, _ = results(student.dropout_forward(x, {"mode": "test", "p": 0.3, "seed": 5}), 2, FORWARD)
    assert_matches(out, x)


@part("dropout_backward")
@pytest.mark.parametrize("p", [0.25, 0.7])
def test_gradient(student, rng, p):
    """The gradient passes where your own forward pass kept, by the factor it kept with, with p = {p}."""
    x, dout = draw_input(rng, (12, 10)), rng.normal(size=(12, 10))
    out, cache = run_seeded(student, x, {"p": p})
    share_kept(out, p)  # a layer that drops nothing has no gradient to get wrong
    dx = run_backward(lambda: student.dropout_backward(dout, cache), cache, FORWARD)
    assert_matches(dx, dout * out / x, "dx")


@beyond("dropout_backward")
def test_gradient_in_test_mode(student, rng):
    """In test mode the gradient passes as it is."""
    x, dout = draw_input(rng, (6, 5)), rng.normal(size=(6, 5))
    cache = cache_of(lambda: student.dropout_forward(x, {"mode": "test", "p": 0.3}))
    dx = run_backward(lambda: student.dropout_backward(dout, cache), cache, FORWARD)
    assert_matches(dx, dout, "dx")
