"""The three-layer network of the reference solution."""

import numpy as np
import pytest

from cs231n.gradient_check import eval_numerical_gradient
from nndl.cnn import ThreeLayerConvNet

SHAPES = {"W1": (4, 3, 5, 5), "b1": (4,), "W2": (4 * 4 * 3, 7), "b2": (7,), "W3": (7, 6), "b3": (6,)}


@pytest.fixture(autouse=True)
def seeded():
    """Start each test with the same random numbers."""
    np.random.seed(0)


def _network(**arguments):
    sizes = {"input_dim": (3, 8, 6), "num_filters": 4, "filter_size": 5, "hidden_dim": 7, "num_classes": 6}
    return ThreeLayerConvNet(**{**sizes, **arguments})


def _batch(dtype=np.float64):
    return np.random.randn(5, 3, 8, 6).astype(dtype), np.random.randint(6, size=5)


def test_parameters_have_the_shapes_of_the_docstring():
    """Every parameter has its shape and the dtype asked for, also for images that are not square."""
    params = _network(dtype=np.float64).params

    assert {name: values.shape for name, values in params.items()} == SHAPES
    assert {values.dtype for values in params.values()} == {np.dtype(np.float64)}
    assert {values.dtype for values in _network().params.values()} == {np.dtype(np.float32)}


def test_weights_are_gaussian_of_the_scale_asked_for_and_biases_zero():
    """Weights have mean zero and standard deviation weight_scale, and biases are zero."""
    params = ThreeLayerConvNet(weight_scale=0.02).params

    for name, values in params.items():
        if name.startswith("b"):
            assert not values.any()
        else:
            assert values.std() == pytest.approx(0.02, rel=0.1)
            assert abs(values.mean()) < 5 * 0.02 / np.sqrt(values.size)


def test_initial_loss_is_that_of_the_homework():
    """A fresh network's loss is about 2.3026, and about 2.508 with a regularisation of 0.5."""
    model = ThreeLayerConvNet()
    X, y = np.random.randn(50, 3, 32, 32), np.random.randint(10, size=50)

    plain, _ = model.loss(X, y)
    model.reg = 0.5
    regularised, _ = model.loss(X, y)

    assert plain == pytest.approx(2.3026, abs=1e-4)
    assert regularised == pytest.approx(2.508, abs=2e-3)


def test_scores_come_without_labels():
    """Without labels the network gives one row of scores per image."""
    X, _ = _batch()

    assert _network().loss(X).shape == (5, 6)


def test_regularisation_adds_half_the_squares_of_the_weights():
    """The loss grows by reg / 2 times the sum of the squares of W1, W2 and W3, and of no bias."""
    X, y = _batch()
    model = _network(dtype=np.float64, weight_scale=0.1)
    for name in ("b1", "b2", "b3"):
        model.params[name] += 1
    plain, _ = model.loss(X, y)
    model.reg = 3.0

    regularised, _ = model.loss(X, y)

    squares = sum(np.sum(model.params[name] ** 2) for name in ("W1", "W2", "W3"))
    assert regularised - plain == pytest.approx(1.5 * squares)


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradients_are_the_numerical_gradients(reg):
    """Every parameter's gradient agrees with a numerical one, with and without regularisation."""
    X, y = _batch()
    model = _network(dtype=np.float64, weight_scale=0.3, reg=reg)

    _, grads = model.loss(X, y)

    assert grads.keys() == model.params.keys()
    for name, values in model.params.items():
        numerical = eval_numerical_gradient(lambda _: model.loss(X, y)[0], values, verbose=False, h=1e-6)
        np.testing.assert_allclose(grads[name], numerical, atol=1e-7, err_msg=name)


def test_everything_is_computed_in_the_dtype_of_the_network():
    """A float32 network gives float32 scores and gradients for float64 images."""
    X, y = _batch(np.float64)
    model = _network(dtype=np.float32)

    _, grads = model.loss(X, y)

    assert model.loss(X).dtype == np.float32
    assert {values.dtype for values in grads.values()} == {np.dtype(np.float32)}
