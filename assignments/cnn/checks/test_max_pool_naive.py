"""Hidden checks of max_pool_forward_naive and max_pool_backward_naive.

The inputs are continuous, so that no window has two maxima: where a tie's gradient goes is the student's choice.
"""

from dataclasses import dataclass
from time import thread_time

import numpy as np
import pytest

from grader.checking import (
    IMAGE_AXES,
    Derivation,
    Effort,
    assert_gradient_matches,
    assert_matches,
    assert_unchanged,
    beyond,
    cache_of,
    part,
    remark_unless_right,
    require_written,
    results,
    run_backward,
    timed,
)

FORWARD = "max_pool_forward_naive"
BACKWARD = "max_pool_backward_naive"
LARGE = 1e14

# Windows as in the assignment: 2x2, stride 2, tiling a square input.
TILING = [(4, 3, 4, 4), (3, 2, 8, 8)]


@dataclass(frozen=True)
class Further:
    """Pooling unlike the assignment's; `words` goes into the check's title."""

    words: str
    x: tuple
    window: tuple
    stride: int

    def __str__(self):
        (height, width), (rows, columns) = self.window, self.x[2:]
        return f"{self.words} ({height}x{width}, stride {self.stride}, on {rows}x{columns} pixels)"


FURTHER = {
    "overlapping": Further("windows that overlap", (2, 3, 7, 7), (3, 3), 2),
    "touching_every_pixel": Further("windows that begin at every pixel", (2, 3, 5, 5), (2, 2), 1),
    "gaps": Further("windows with gaps between them", (2, 3, 8, 8), (2, 2), 3),
    "wide_input": Further("images that are wider than high", (2, 3, 4, 6), (2, 2), 2),
    "tall_input": Further("images that are higher than wide", (2, 3, 6, 4), (2, 2), 2),
    "wide_windows": Further("windows that are wider than high", (2, 3, 6, 6), (2, 3), 1),
    "tall_windows": Further("windows that are higher than wide", (2, 3, 6, 6), (3, 2), 1),
    "not_tiling": Further("windows that leave out the last row and column", (2, 3, 5, 5), (2, 2), 2),
    "one_image": Further("a single image with one channel", (1, 1, 4, 4), (2, 2), 2),
}


def pool(height=2, width=2, stride=2):
    """Return a pooling layer's parameters."""
    return {"pool_height": height, "pool_width": width, "stride": stride}


def check_forward(student, reference, x, param):
    """Compare the student's output with the reference's."""
    out, _ = results(student.max_pool_forward_naive(x, param), 2, FORWARD)
    assert_matches(out, reference.max_pool_forward_naive(x, param)[0], axes=IMAGE_AXES)


def draw_upstream(rng, x, param):
    """Draw the gradient that comes from above."""
    windows = zip(x.shape[2:], (param["pool_height"], param["pool_width"]), strict=True)
    return rng.normal(size=(*x.shape[:2], *(1 + (size - side) // param["stride"] for size, side in windows)))


def run_student(student, x, param, dout):
    """Return the student's gradient."""
    cache = cache_of(lambda: student.max_pool_forward_naive(x, param), documented=(x, param))
    return run_backward(lambda: student.max_pool_backward_naive(dout, cache), cache, FORWARD)


def run_reference(reference, x, param, dout):
    """Return the right gradient; the cache is what the docstring says it is."""
    return reference.max_pool_backward_naive(dout, (x, param))


def check_backward(student, reference, rng, x, param):
    """Compare the student's gradient with the reference's."""
    dout = draw_upstream(rng, x, param)
    dx = run_student(student, x, param, dout)
    assert_gradient_matches(dx, run_reference(reference, x, param, dout), "dx", IMAGE_AXES)


@pytest.fixture(scope="module")
def derivation(student, reference, draw):
    """How the gradient comes about: trying each pixel out would give it, too."""

    def at_large_values():
        # Which pixel is the largest does not depend on the unit, so neither does the gradient.
        rng = draw(BACKWARD, "large")
        x = LARGE * rng.normal(size=TILING[0])
        dout = draw_upstream(rng, x, pool())
        return {"dx": (run_student(student, x, pool(), dout), run_reference(reference, x, pool(), dout))}

    def at_size(images, look):
        rng = draw(BACKWARD, images, look)
        x = rng.normal(size=(images, 4, 4, 4))
        dout = draw_upstream(rng, x, pool())
        actual, theirs = timed(student.cpu_seconds, lambda: run_student(student, x, pool(), dout))
        expected, ours = timed(thread_time, lambda: run_reference(reference, x, pool(), dout))
        # The reference's forward pass loops over the same windows and takes as long.
        effort = Effort(student=theirs, entries=x.size, trial=quickest_trial(x, dout), loops=2 * ours)
        return {"dx": (actual, expected)}, effort

    return Derivation(at_large_values, at_size, sizes=(8, 16, 32, 64, 128, 256, 512))


def quickest_trial(x, dout):
    """Return the CPU seconds that trying one entry of `x` takes at least: the maxima of all windows, weighed."""

    def trial():
        corners = [x[:, :, row::2, column::2] for row in (0, 1) for column in (0, 1)]
        return np.vdot(np.maximum(np.maximum(*corners[:2]), np.maximum(*corners[2:])), dout)

    return min(timed(thread_time, trial)[1] for _ in range(5))


@part(FORWARD)
@pytest.mark.parametrize("shape", TILING, ids=["4x4", "8x8"])
def test_forward(student, reference, rng, shape):
    """The output is right for 2x2 windows with stride 2 on an input of shape {shape}."""
    check_forward(student, reference, rng.normal(size=shape), pool())


@part(FORWARD)
def test_negative_input(student, reference, rng):
    """The maximum of negative values is negative."""
    check_forward(student, reference, -1 - rng.random((2, 3, 4, 4)), pool())


@part(BACKWARD)
@pytest.mark.parametrize("shape", TILING, ids=["4x4", "8x8"])
def test_backward(student, reference, rng, derivation, shape):
    """The gradient is right for 2x2 windows with stride 2 on an input of shape {shape}."""
    check_backward(student, reference, rng, rng.normal(size=shape), pool())
    derivation.demand("dx")


@part(BACKWARD)
def test_backward_of_negative_input(student, reference, rng, derivation):
    """The gradient is right where all values are negative."""
    check_backward(student, reference, rng, -1 - rng.random((3, 2, 4, 4)), pool())
    derivation.demand("dx")

    def next_to_each_other():
        x = rng.normal(size=TILING[0])
        x[..., 1::2] = x[..., ::2] * (1 + 1e-13 * rng.choice([-1.0, 1.0], size=x[..., ::2].shape))
        dout = draw_upstream(rng, x, pool())
        return {"dx": (run_student(student, x, pool(), dout), run_reference(reference, x, pool(), dout))}

    remark_unless_right(student, BACKWARD, "where pixels are nearly the same", next_to_each_other)


@beyond(FORWARD)
@pytest.mark.parametrize("further", FURTHER.values(), ids=FURTHER)
def test_further_forward(student, reference, rng, further):
    """The output is right for {further}."""
    check_forward(student, reference, rng.normal(size=further.x), pool(*further.window, further.stride))


@beyond(BACKWARD)
@pytest.mark.parametrize("further", FURTHER.values(), ids=FURTHER)
def test_further_backward(student, reference, rng, further):
    """The gradient is right for {further}."""
    check_backward(student, reference, rng, rng.normal(size=further.x), pool(*further.window, further.stride))


@beyond(BACKWARD)
def test_arguments_kept(student, rng):
    """The backward pass leaves the upstream gradient and the input as they were."""
    upstream, images = rng.normal(size=(2, 2, 2, 2)), rng.normal(size=(2, 2, 4, 4))
    dout, x = student.put(upstream), student.put(images)
    cache = cache_of(lambda: student.max_pool_forward_naive(x, pool()), documented=(x, pool()))
    require_written(student.max_pool_backward_naive(dout, cache))
    assert_unchanged(dout.value(), upstream, "dout")
    assert_unchanged(x.value(), images, "x")
