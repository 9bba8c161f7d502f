"""The fully connected sandwiches of the reference solution."""

import numpy as np
import pytest

from cs231n.gradient_check import eval_numerical_gradient_array
from nndl.layer_utils import (
    affine_batchnorm_relu_backward,
    affine_batchnorm_relu_forward,
    affine_relu_backward,
    affine_relu_forward,
)


@pytest.fixture
def random():
    """Draw the same numbers in every run."""
    return np.random.default_rng(0)


def test_affine_relu_is_the_numerical_gradient(random):
    """The gradients of affine and ReLU together agree with numerical ones."""
    inputs = [random.normal(size=shape) for shape in ((2, 3, 4), (12, 5), (5,))]
    dout = random.normal(size=(2, 5))

    out, cache = affine_relu_forward(*inputs)
    gradients = affine_relu_backward(dout, cache)

    assert (out >= 0).all()
    for array, gradient in zip(inputs, gradients, strict=True):
        numerical = eval_numerical_gradient_array(lambda _: affine_relu_forward(*inputs)[0], array, dout)
        np.testing.assert_allclose(gradient, numerical, atol=1e-8)


def test_affine_batchnorm_relu_is_the_numerical_gradient(random):
    """The gradients of affine, batch normalisation and ReLU together agree with numerical ones."""
    inputs = [random.normal(size=shape) for shape in ((6, 3, 4), (12, 5), (5,), (5,), (5,))]
    dout = random.normal(size=(6, 5))

    def forward(_):
        return affine_batchnorm_relu_forward(*inputs, {"mode": "train"})[0]

    _, cache = affine_batchnorm_relu_forward(*inputs, {"mode": "train"})
    gradients = affine_batchnorm_relu_backward(dout, cache)

    for array, gradient in zip(inputs, gradients, strict=True):
        np.testing.assert_allclose(gradient, eval_numerical_gradient_array(forward, array, dout), atol=1e-7)
