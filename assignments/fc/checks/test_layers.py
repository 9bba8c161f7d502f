"""Hidden checks of the affine layer and the ReLU, forward and backward."""

from dataclasses import dataclass

import numpy as np
import pytest

from grader.checking import (
    Derivation,
    Effort,
    assert_gradient_matches,
    assert_matches,
    assert_unchanged,
    beyond,
    cache_of,
    is_gradient_of,
    part,
    remark_unless_right,
    require_written,
    results,
    run_backward,
    timed,
)

GRADIENTS = ("dx", "dw", "db")
OUTPUT_AXES = ("sample", "unit")
GRADIENT_AXES = {"dx": (), "dw": ("input", "unit"), "db": ("unit",)}
"""What a message calls them; the input has any number."""


@dataclass(frozen=True)
class Shape:
    """Shapes of an affine layer's input, and the words for it in a check's title."""

    words: str
    samples: tuple
    units: int

    def __str__(self):
        return self.words


VECTORS = Shape("vectors", (4, 6), 5)
IMAGES = Shape("images", (3, 2, 4, 5), 7)
ONE_SAMPLE = Shape("a single sample", (1, 6), 4)


def affine(rng, shape):
    """Draw the input, the weights and the biases of an affine layer."""
    size = int(np.prod(shape.samples[1:]))
    return rng.normal(size=shape.samples), rng.normal(size=(size, shape.units)), rng.normal(size=shape.units)


# --- affine_forward -----------------------------------------------------------------------------------------------


@part("affine_forward")
@pytest.mark.parametrize("shape", [VECTORS, IMAGES], ids=["vectors", "images"])
def test_output(student, reference, rng, shape):
    """The output is right for samples that are {shape}."""
    args = affine(rng, shape)
    out, _ = results(student.affine_forward(*args), 2, "affine_forward")
    assert_matches(out, reference.affine_forward(*args)[0], axes=OUTPUT_AXES)


@beyond("affine_forward")
def test_one_sample(student, reference, rng):
    """The output of a single sample keeps its axis."""
    args = affine(rng, ONE_SAMPLE)
    out, _ = results(student.affine_forward(*args), 2, "affine_forward")
    assert_matches(out, reference.affine_forward(*args)[0], axes=OUTPUT_AXES)


# --- affine_backward ----------------------------------------------------------------------------------------------


def run_student(student, args, dout):
    """Return the student's three gradients of an affine layer."""
    cache = cache_of(lambda: student.affine_forward(*args), args)
    value = run_backward(lambda: student.affine_backward(dout, cache), cache, "affine_forward")
    return results(value, 3, "affine_backward")


@pytest.fixture(scope="module", params=[VECTORS, IMAGES], ids=["vectors", "images"])
def gradients(request, student, reference, draw):
    """Arguments, upstream gradient and the gradients of both sides, for samples of one shape."""
    rng = draw("affine_backward", str(request.param))
    args = affine(rng, request.param)
    dout = rng.normal(size=(request.param.samples[0], request.param.units))
    return Layer(
        str(request.param),
        args,
        dout,
        run_student(student, args, dout),
        reference.affine_backward(dout, args),
    )


@dataclass(frozen=True)
class Layer:
    """One affine layer and its gradients."""

    words: str
    arguments: tuple
    dout: np.ndarray
    actual: tuple
    expected: tuple

    def __str__(self):
        return self.words


@pytest.fixture(scope="module")
def derivation(student, reference, draw):
    """How the gradients come about: trying every entry out would give them, too."""

    def at_size(features, look):
        shape = Shape("large", (8, features), 8)
        rng = draw("affine_backward", features, look)
        args, dout = affine(rng, shape), rng.normal(size=(8, 8))
        actual, theirs = timed(student.cpu_seconds, lambda: run_student(student, args, dout))
        expected = forward_and_backward(reference, args, dout)
        answers = dict(zip(GRADIENTS, zip(actual, expected, strict=True), strict=True))
        return answers, Effort(student=theirs, entries=features)

    return Derivation(dict, at_size, sizes=(16, 32, 64, 128, 256, 512, 1024), few=("db",))


def forward_and_backward(reference, args, dout):
    """Run both passes of the reference."""
    return reference.affine_backward(dout, reference.affine_forward(*args)[1])


EACH = [
    pytest.param(*each, marks=part(f"affine_backward.{each[1]}"), id=each[1]) for each in enumerate(GRADIENTS)
]


@pytest.mark.parametrize(("position", "name"), EACH)
def test_gradient(student, reference, rng, gradients, derivation, position, name):
    """The gradient {name} is right for samples that are {gradients}."""
    before, after = gradients.arguments[:position], gradients.arguments[position + 1 :]

    def output_at(moved):
        return results(student.affine_forward(*before, moved, *after), 2, "affine_forward")[0]

    def right_at(moved):
        return reference.affine_forward(*before, moved, *after)[0]

    def of_own_forward(gradient):
        start, own = gradients.arguments[position], {"student": student, "right": right_at}
        return is_gradient_of(output_at, start, gradient, gradients.dout, rng, **own)

    right = gradients.expected[position]
    assert_gradient_matches(gradients.actual[position], right, name, GRADIENT_AXES[name], of_own_forward)
    derivation.demand(name)

    def at_large_values():
        args = tuple(1e14 * each for each in gradients.arguments)
        found, expected = (
            run_student(student, args, gradients.dout),
            reference.affine_backward(gradients.dout, args),
        )
        return {name: (found[position], expected[position])}

    remark_unless_right(student, "affine_backward", "for very large ones", at_large_values)


# --- relu ---------------------------------------------------------------------------------------------------------


@part("relu_forward")
@pytest.mark.parametrize("shape", [(4, 6), (2, 3, 4, 5)], ids=["matrix", "images"])
def test_relu(student, reference, rng, shape):
    """The output is right for an array of shape {shape}."""
    x = rng.normal(size=shape)
    out, _ = results(student.relu_forward(x), 2, "relu_forward")
    assert_matches(out, reference.relu_forward(x)[0])


@beyond("relu_forward")
def test_relu_input_kept(student, rng):
    """The forward pass leaves its input as it was."""
    x = rng.normal(size=(4, 6))
    kept = student.put(x)
    require_written(student.relu_forward(kept))
    assert_unchanged(kept.value(), x, "x")


@part("relu_backward")
@pytest.mark.parametrize("shape", [(4, 6), (2, 3, 4, 5)], ids=["matrix", "images"])
def test_relu_gradient(student, reference, rng, shape):
    """The gradient is right for an array of shape {shape}."""
    x, dout = rng.normal(size=shape), rng.normal(size=shape)
    cache = cache_of(lambda: student.relu_forward(x), x)
    dx = run_backward(lambda: student.relu_backward(dout, cache), cache, "relu_forward")
    assert_matches(dx, reference.relu_backward(dout, x), "dx")

    def next_to_the_kink():
        near = rng.choice([-1.0, 1.0], size=shape) * rng.choice([5e-324, 1e-310, 1e-13], size=shape)
        cache = cache_of(lambda: student.relu_forward(near), near)
        dx = run_backward(lambda: student.relu_backward(dout, cache), cache, "relu_forward")
        return {"dx": (dx, reference.relu_backward(dout, near))}

    remark_unless_right(student, "relu_backward", "next to the kink", next_to_the_kink)


@beyond("relu_backward")
def test_relu_upstream_kept(student, rng):
    """The backward pass leaves the upstream gradient as it was."""
    x, dout = rng.normal(size=(4, 6)), rng.normal(size=(4, 6))
    cache = cache_of(lambda: student.relu_forward(x), x)
    kept = student.put(dout)
    require_written(run_backward(lambda: student.relu_backward(kept, cache), cache, "relu_forward"))
    assert_unchanged(kept.value(), dout, "dout")
