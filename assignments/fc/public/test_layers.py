"""Public checks of the affine layer and the ReLU."""

import numpy as np
import pytest

from grader.student.checks import assert_gradient_fits, assert_matches, part, results, run_backward

GRADIENTS = ("dx", "dw", "db")


def affine(rng):
    """Draw samples, weights and biases of a small affine layer."""
    return [rng.normal(size=(3, 2, 2)), rng.normal(size=(4, 5)), rng.normal(size=5)]


@part("affine_forward")
def test_output(student):
    """Each sample is flattened, multiplied by the weights, and the biases are added.

    What shape has one sample before it meets the weights?
    """
    x = np.array([[[1.0, 2.0], [3.0, 4.0]], [[0.0, 1.0], [0.0, -1.0]]])
    w = np.array([[1.0, 0.0], [10.0, 1.0], [100.0, 0.0], [1000.0, 2.0]])
    out = results(student.affine_forward(x, w, np.array([0.5, -0.5])), 2, "affine_forward")[0]
    assert_matches(out, np.array([[4321.5, 9.5], [-989.5, -1.5]]), axes=("sample", "unit"))


@pytest.mark.parametrize(
    ("position", "name"),
    [
        pytest.param(place, name, marks=part(f"affine_backward.{name}"), id=name)
        for place, name in enumerate(GRADIENTS)
    ],
)
def test_gradients(student, rng, position, name):
    """The gradient {name} fits your forward pass.

    Which shape must this gradient have, and which product of dout gives it?
    """
    layer, dout = affine(rng), rng.normal(size=(3, 5))

    def forward(value):
        changed = [value if place == position else each for place, each in enumerate(layer)]
        return results(student.affine_forward(*changed), 2, "affine_forward")[0]

    gradients = run_backward(
        lambda: student.affine_forward(*layer),
        lambda cache: student.affine_backward(dout, cache),
        3,
        needs="affine_forward",
        documented=tuple(layer),
    )
    assert_gradient_fits(
        forward, layer[position], gradients[position], dout, rng, what=name, needs="affine_forward"
    )


@part("relu_forward")
def test_relu(student):
    """What is negative becomes zero, and the rest stays.

    Does the input stay as it was?
    """
    out = results(student.relu_forward(np.array([[-2.0, 3.0], [0.5, -0.1]])), 2, "relu_forward")[0]
    assert_matches(out, np.array([[0.0, 3.0], [0.5, 0.0]]))


@part("relu_backward")
def test_relu_gradient(student):
    """The gradient passes where the input is positive.

    Would the output change if a negative input grew a little?
    """
    x, dout = np.array([[-2.0, 3.0], [0.5, -0.1]]), np.array([[5.0, 6.0], [-7.0, 8.0]])
    (dx,) = run_backward(
        lambda: student.relu_forward(x),
        lambda cache: student.relu_backward(dout, cache),
        1,
        needs="relu_forward",
        documented=x,
    )
    assert_matches(dx, np.array([[0.0, 6.0], [-7.0, 0.0]]), "dx")
