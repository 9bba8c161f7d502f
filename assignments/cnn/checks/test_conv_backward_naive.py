"""Hidden checks of conv_backward_naive."""

from dataclasses import dataclass

import pytest

from grader.checking import (
    FILTER_AXES,
    IMAGE_AXES,
    assert_gradient_matches,
    assert_unchanged,
    beyond,
    cache_of,
    part,
    results,
    run_backward,
)

PART = "conv_backward_naive"


@dataclass(frozen=True)
class Layer:
    """Shapes of one convolution; `name` seeds its inputs and `words` goes into the check's title."""

    name: str
    words: str
    x: tuple
    w: tuple
    stride: int
    pad: int

    def __str__(self):
        return self.words


# As in the homework: square images and filters, padding 1, never more filters than images.
HOMEWORK = [
    Layer("stride1", "stride 1", (4, 3, 5, 5), (2, 3, 3, 3), 1, 1),
    Layer("stride2", "stride 2", (4, 3, 7, 7), (3, 3, 3, 3), 2, 1),
    Layer("even", "4x4 filters and stride 2", (3, 2, 6, 6), (2, 2, 4, 4), 2, 1),
]
BEYOND = [
    Layer("no_padding", "no padding", (3, 3, 5, 5), (2, 3, 3, 3), 1, 0),
    Layer("wide_padding", "padding 2 and stride 3", (3, 3, 5, 5), (2, 3, 3, 3), 3, 2),
    Layer("wide_images", "images that are not square", (3, 3, 5, 8), (2, 3, 3, 3), 1, 1),
    Layer("wide_filters", "filters that are not square", (3, 3, 6, 6), (2, 3, 2, 4), 2, 1),
    Layer("incomplete_step", "a stride that does not divide the image", (3, 3, 6, 6), (2, 3, 3, 3), 2, 1),
    Layer("many_filters", "more filters than images", (2, 3, 4, 4), (5, 3, 3, 3), 1, 1),
    Layer("one_image", "a single image", (1, 2, 4, 4), (1, 2, 3, 3), 1, 1),
]


def backward(layer, student, reference, draw):
    """Return the student's and the reference's three gradients on the same hidden layer."""
    rng = draw(PART, layer.name)
    x, w, b = rng.normal(size=layer.x), rng.normal(size=layer.w), rng.normal(size=layer.w[0])
    args = (x, w, b, {"stride": layer.stride, "pad": layer.pad})
    out, reference_cache = reference.conv_forward_naive(*args)
    dout = rng.normal(size=out.shape)
    cache = cache_of(lambda: student.conv_forward_naive(*args), documented=args)
    value = run_backward(lambda: student.conv_backward_naive(dout, cache), cache, "conv_forward_naive")
    return results(value, 3, PART), reference.conv_backward_naive(dout, reference_cache)


@pytest.fixture(scope="module", params=HOMEWORK, ids=lambda layer: layer.name)
def gradients(request, student, reference, draw):
    """The gradients of a layer as in the homework."""
    return backward(request.param, student, reference, draw)


@part(f"{PART}.dx")
def test_dx(gradients):
    """The gradient of the images is right for {gradients}."""
    (dx, _, _), (expected, _, _) = gradients
    assert_gradient_matches(dx, expected, "dx", IMAGE_AXES)


@part(f"{PART}.dw")
def test_dw(gradients):
    """The gradient of the filters is right for {gradients}."""
    (_, dw, _), (_, expected, _) = gradients
    assert_gradient_matches(dw, expected, "dw", FILTER_AXES)


@part(f"{PART}.db")
def test_db(gradients):
    """The gradient of the biases is right for {gradients}."""
    (_, _, db), (_, _, expected) = gradients
    assert_gradient_matches(db, expected, "db", ("filter",))


@pytest.fixture(scope="module", params=BEYOND, ids=lambda layer: layer.name)
def further_gradients(request, student, reference, draw):
    """The gradients of a layer unlike the homework's."""
    return backward(request.param, student, reference, draw)


@beyond(f"{PART}.dx")
def test_further_dx(further_gradients):
    """The gradient of the images is right for {further_gradients}."""
    (dx, _, _), (expected, _, _) = further_gradients
    assert_gradient_matches(dx, expected, "dx", IMAGE_AXES)


@beyond(f"{PART}.dw")
def test_further_dw(further_gradients):
    """The gradient of the filters is right for {further_gradients}."""
    (_, dw, _), (_, expected, _) = further_gradients
    assert_gradient_matches(dw, expected, "dw", FILTER_AXES)


@beyond(f"{PART}.dx")
def test_arguments_kept(student, rng):
    """The backward pass leaves the upstream gradient as it was."""
    upstream = rng.normal(size=(2, 2, 4, 4))
    x, w, b = rng.normal(size=(2, 3, 4, 4)), rng.normal(size=(2, 3, 3, 3)), rng.normal(size=2)
    args = (x, w, b, {"stride": 1, "pad": 1})
    dout = student.put(upstream)
    cache = cache_of(lambda: student.conv_forward_naive(*args), documented=args)
    student.conv_backward_naive(dout, cache)
    assert_unchanged(dout.value(), upstream, "dout")
