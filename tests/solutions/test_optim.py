"""The update rules, each against its formula, over several steps."""

import numpy as np
import pytest

from nndl import optim

STEPS = 4


def run(rule, w, gradients, **config):
    """Follow a list of gradients from w and return where that leads."""
    w, kept = w.copy(), dict(config)
    for dw in gradients:
        w, kept = rule(w, dw, kept)
    return w


@pytest.fixture
def walk():
    """Return a start and gradients, more entries than one block of adam."""
    rng = np.random.default_rng(3)
    return rng.normal(size=(3, 20_000)), rng.normal(size=(STEPS, 3, 20_000))


def test_sgd_steps_against_the_gradient(walk):
    """Plain descent subtracts the gradient times the rate."""
    w, gradients = walk
    assert np.allclose(run(optim.sgd, w, gradients, learning_rate=0.1), w - 0.1 * gradients.sum(axis=0))


def test_momentum_keeps_a_share_of_the_velocity(walk):
    """Each step repeats nine tenths of the one before."""
    w, gradients = walk
    expected, velocity = w.copy(), 0
    for dw in gradients:
        velocity = 0.9 * velocity - 1e-2 * dw
        expected = expected + velocity
    assert np.allclose(run(optim.sgd_momentum, w, gradients), expected)


def test_nesterov_looks_ahead(walk):
    """The position is the one that momentum is about to lead to, as Nesterov's formula says."""
    w, gradients = walk
    expected, velocity = w.copy(), 0
    for dw in gradients:
        before, velocity = velocity, 0.9 * velocity - 1e-2 * dw
        expected = expected - 0.9 * before + 1.9 * velocity
    assert np.allclose(run(optim.sgd_nesterov_momentum, w, gradients), expected)


def test_rmsprop_divides_by_the_size_of_past_gradients(walk):
    """Each entry's step is scaled by the root of its average square."""
    w, gradients = walk
    expected, average = w.copy(), 0
    for dw in gradients:
        average = 0.99 * average + 0.01 * dw**2
        expected = expected - 1e-2 * dw / (np.sqrt(average) + 1e-8)
    assert np.allclose(run(optim.rmsprop, w, gradients), expected)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_adam_follows_its_formula_in_blocks(walk, order, dtype, tolerance):
    """Working in place, block by block, changes nothing about the result."""
    w, gradients = walk
    expected, first, second = w.copy(), 0, 0
    for t, dw in enumerate(gradients, start=1):
        first = 0.9 * first + 0.1 * dw
        second = 0.999 * second + 0.001 * dw**2
        expected = expected - 1e-3 * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
    start = np.asarray(w, dtype=dtype, order=order)
    result = run(optim.adam, start, gradients.astype(dtype))
    assert result.dtype == dtype
    assert np.allclose(result, expected, rtol=0, atol=tolerance)


def test_adam_updates_the_parameter_itself(walk):
    """The array handed in is the one that comes back, changed."""
    w, gradients = walk
    result, config = optim.adam(w, gradients[0])
    assert result is w
    assert config["t"] == 1
