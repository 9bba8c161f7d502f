"""Public checks of conv_backward_naive: its gradients fit the student's own forward pass."""

import numpy as np
import pytest

from grader.student.checks import (
    FILTER_AXES,
    IMAGE_AXES,
    assert_gradient_fits,
    assert_matches,
    part,
    run_backward,
)

FORWARD = "conv_forward_naive"
NAME = "conv_backward_naive"

# Stride, padding, size of the images, size of the filters.
LAYERS = [(1, 1, 5, 3), (2, 1, 4, 4)]
EACH_LAYER = pytest.mark.parametrize(("stride", "pad", "size", "filters"), LAYERS, ids=["stride1", "stride2"])


def draw(rng, stride, pad, size, filters):
    """Draw a layer, and an upstream gradient for its output."""
    side = 1 + (size + 2 * pad - filters) // stride
    x, w = rng.normal(size=(3, 2, size, size)), rng.normal(size=(2, 2, filters, filters))
    return [x, w, rng.normal(size=2), {"stride": stride, "pad": pad}], rng.normal(size=(3, 2, side, side))


def gradients(student, layer, dout):
    """Return the student's three gradients."""
    return run_backward(
        lambda: student.conv_forward_naive(*layer),
        lambda cache: student.conv_backward_naive(dout, cache),
        3,
        needs=FORWARD,
        documented=tuple(layer),
    )


def check(student, rng, shapes, position, what, axes):
    """Compare the gradient of one argument of the forward pass with that forward pass."""
    layer, dout = draw(rng, *shapes)

    def forward(value):
        changed = [value if place == position else each for place, each in enumerate(layer)]
        return student.conv_forward_naive(*changed)[0]

    gradient = gradients(student, layer, dout)[position]
    assert_gradient_fits(forward, layer[position], gradient, dout, rng, what=what, needs=FORWARD, axes=axes)


@part(f"{NAME}.dx")
@EACH_LAYER
def test_dx(student, rng, stride, pad, size, filters):
    """The gradient of the images fits your forward pass, for {filters}x{filters} filters and stride {stride}.

    In how many windows does one pixel of the image stand, and what does each of them add to its gradient?
    """
    check(student, rng, (stride, pad, size, filters), 0, "dx", IMAGE_AXES)


@part(f"{NAME}.dw")
@EACH_LAYER
def test_dw(student, rng, stride, pad, size, filters):
    """The gradient of the filters fits your forward pass, for {filters}x{filters} filters and stride {stride}.

    Which pixels did one weight of the filter meet on its way over the image?
    """
    check(student, rng, (stride, pad, size, filters), 1, "dw", FILTER_AXES)


@part(f"{NAME}.db")
@EACH_LAYER
def test_db(student, rng, stride, pad, size, filters):
    """The gradient of the biases fits your forward pass, for {filters}x{filters} filters and stride {stride}.

    How often is one bias added, counted over all images and all places?
    """
    check(student, rng, (stride, pad, size, filters), 2, "db", ("filter",))


@part(f"{NAME}.db")
def test_db_counts(student, rng):
    """A bias is added once for each pixel of each output: under an upstream gradient of ones, 3 x 16 times.

    How many numbers of the output does one bias change?
    """
    layer, dout = draw(rng, 1, 1, 4, 3)
    _, _, db = gradients(student, layer, np.ones_like(dout))
    assert_matches(db, np.full(2, 48.0), "db", ("filter",))
