"""Hidden checks of conv_backward_naive."""

from dataclasses import dataclass
from time import thread_time

import pytest

from grader.checking import (
    FILTER_AXES,
    IMAGE_AXES,
    Derivation,
    Effort,
    assert_gradient_matches,
    assert_unchanged,
    beyond,
    cache_of,
    part,
    require_written,
    results,
    run_backward,
    timed,
)

PART = "conv_backward_naive"
GRADIENTS = ("dx", "dw", "db")
LARGE = 1e14


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

    @property
    def out(self):
        """The output's shape."""
        sizes = zip(self.x[2:], self.w[2:], strict=True)
        return (
            self.x[0],
            self.w[0],
            *(1 + (size + 2 * self.pad - side) // self.stride for size, side in sizes),
        )


# As in the assignment: square images and filters, padding 1, never more filters than images.
ASSIGNED = [
    Layer("stride1", "stride 1", (4, 3, 5, 5), (2, 3, 3, 3), 1, 1),
    Layer("stride2", "stride 2", (4, 3, 7, 7), (3, 3, 3, 3), 2, 1),
    Layer("even", "4x4 filters and stride 2", (3, 2, 6, 6), (2, 2, 4, 4), 2, 1),
]
BEYOND = [
    Layer("no_padding", "no padding", (3, 3, 5, 5), (2, 3, 3, 3), 1, 0),
    Layer("wide_padding", "padding 2 and stride 3", (3, 3, 5, 5), (2, 3, 3, 3), 3, 2),
    Layer("wide_images", "images that are wider than high", (3, 3, 5, 8), (2, 3, 3, 3), 1, 1),
    Layer("tall_images", "images that are higher than wide", (3, 3, 8, 5), (2, 3, 3, 3), 1, 1),
    Layer("tall_filters", "filters that are higher than wide", (3, 3, 6, 6), (2, 3, 4, 2), 2, 1),
    Layer("wide_filters", "filters that are wider than high", (3, 3, 6, 6), (2, 3, 2, 4), 2, 1),
    Layer("incomplete_step", "a stride that does not divide the image", (3, 3, 6, 6), (2, 3, 3, 3), 2, 1),
    Layer("many_filters", "more filters than images", (2, 3, 4, 4), (5, 3, 3, 3), 1, 1),
    Layer("one_image", "a single image", (1, 2, 4, 4), (1, 2, 3, 3), 1, 1),
]


def draw_layer(layer, draw, magnitude=1.0):
    """Draw a hidden layer: the forward pass's arguments and the upstream gradient."""
    rng = draw(PART, layer.name)
    x, w, b = (magnitude * rng.normal(size=shape) for shape in (layer.x, layer.w, layer.w[:1]))
    return (x, w, b, {"stride": layer.stride, "pad": layer.pad}), rng.normal(size=layer.out)


def run_student(student, args, dout):
    """Return the student's three gradients."""
    cache = cache_of(lambda: student.conv_forward_naive(*args), documented=args)
    value = run_backward(lambda: student.conv_backward_naive(dout, cache), cache, "conv_forward_naive")
    return results(value, 3, PART)


def run_reference(reference, args, dout):
    """Return the right gradients; the cache is what the docstring says it is."""
    return reference.conv_backward_naive(dout, args)


def backward(layer, student, reference, draw, magnitude=1.0):
    """Return the student's and the reference's three gradients on the same hidden layer."""
    args, dout = draw_layer(layer, draw, magnitude)
    return run_student(student, args, dout), run_reference(reference, args, dout)


@pytest.fixture(scope="module", params=ASSIGNED, ids=lambda layer: layer.name)
def gradients(request, student, reference, draw):
    """The gradients of a layer as in the assignment."""
    return backward(request.param, student, reference, draw)


@pytest.fixture(scope="module")
def derivation(student, reference, draw):
    """How the gradients come about: the layer is linear, so trying an input out gives them, too."""

    def at_large_values():
        # None of the gradients depends on the array it belongs to, however large that is.
        return answers(*backward(ASSIGNED[0], student, reference, draw, LARGE))

    def at_size(channels, look):
        layer = Layer(f"{channels} channels, look {look}", "", (2, channels, 4, 4), (2, channels, 4, 4), 1, 1)
        args, dout = draw_layer(layer, draw)
        actual, theirs = timed(student.cpu_seconds, lambda: run_student(student, args, dout))
        expected, ours = timed(thread_time, lambda: run_reference(reference, args, dout))
        # The reference's forward pass has the same loops and takes as long.
        return answers(actual, expected), Effort(student=theirs, entries=args[1].size, loops=2 * ours)

    def answers(actual, expected):
        return dict(zip(GRADIENTS, zip(actual, expected, strict=True), strict=True))

    return Derivation(at_large_values, at_size, sizes=(8, 16, 32, 64, 128, 256, 512), few=("db",))


@part(f"{PART}.dx")
def test_dx(gradients, derivation):
    """The gradient of the images is right for {gradients}."""
    (dx, _, _), (expected, _, _) = gradients
    assert_gradient_matches(dx, expected, "dx", IMAGE_AXES)
    derivation.demand("dx")


@part(f"{PART}.dw")
def test_dw(gradients, derivation):
    """The gradient of the filters is right for {gradients}."""
    (_, dw, _), (_, expected, _) = gradients
    assert_gradient_matches(dw, expected, "dw", FILTER_AXES)
    derivation.demand("dw")


@part(f"{PART}.db")
def test_db(gradients, derivation):
    """The gradient of the biases is right for {gradients}."""
    (_, _, db), (_, _, expected) = gradients
    assert_gradient_matches(db, expected, "db", ("filter",))
    derivation.demand("db")


@pytest.fixture(scope="module", params=BEYOND, ids=lambda layer: layer.name)
def further_gradients(request, student, reference, draw):
    """The gradients of a layer unlike the assignment's."""
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
    require_written(student.conv_backward_naive(dout, cache))
    assert_unchanged(dout.value(), upstream, "dout")
