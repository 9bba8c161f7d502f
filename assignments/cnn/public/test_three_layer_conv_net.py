"""Public checks of ThreeLayerConvNet."""

import time

import numpy as np
import pytest

from cs231n.fast_layers import conv_backward_fast, conv_forward_fast
from grader.student.checks import (
    Blocked,
    Failed,
    Inconclusive,
    NotImplementedYet,
    Speed,
    TimingPlan,
    assert_gradient_fits,
    assert_matches,
    measure,
    part,
    results,
)

NAME = "ThreeLayerConvNet"

SHAPES = {
    "W1": (4, 3, 3, 3),
    "b1": (4,),
    "W2": (4 * 4 * 4, 6),
    "b2": (6,),
    "W3": (6, 10),
    "b3": (10,),
}
"""Of a network for 8x8 images, with 4 filters of 3x3 and 6 hidden units."""


def network(student, **options):
    """Return a small network in double precision, which must have its parameters."""
    made = student.ThreeLayerConvNet(
        input_dim=(3, 8, 8), num_filters=4, filter_size=3, hidden_dim=6, dtype=np.float64, **options
    )
    if not made.params:
        raise NotImplementedYet("The network has no parameters: its initialisation is not written yet.")
    return made


def batch(rng):
    """Draw images and labels."""
    return rng.normal(size=(3, 3, 8, 8)), rng.integers(10, size=3)


def loss_of(model, x, y):
    """Return loss and gradients, which must be there."""
    loss, grads = results(model.loss(x, y), 2, f"{NAME}.loss with labels")
    if not grads:
        raise NotImplementedYet("There are no gradients: the loss is not written yet.")
    return loss, grads


@part(f"{NAME}.init")
def test_shapes(student):
    """Every parameter is there and has its shape.

    What size has the image when it leaves the pooling?
    """
    params = network(student).params
    for name, shape in SHAPES.items():
        if name not in params:
            raise Failed(f"The network has no parameter {name}.")
        if np.shape(params[name]) != shape:
            raise Failed(f"{name} has shape {np.shape(params[name])} instead of {shape}.")


@part(f"{NAME}.init")
def test_spread(student):
    """Weights have about the standard deviation weight_scale, and biases are zero.

    By what is a standard normal number multiplied, and what are biases before training?
    """
    params = network(student, weight_scale=0.25).params
    for name in ("b1", "b2", "b3"):
        assert_matches(params[name], np.zeros(SHAPES[name]), name)
    deviation = np.std(np.concatenate([np.ravel(params[name]) for name in ("W1", "W2", "W3")]))
    if not 0.75 < deviation / 0.25 < 1.25:  # 552 weights: eight standard errors each way
        raise Failed("The weights do not have the standard deviation weight_scale.")


@part(f"{NAME}.init_loss")
def test_fresh_loss(student, rng):
    """A fresh network guesses among ten classes, so its loss is about ln 10 = 2.3.

    What probability does each of ten classes get from a network that knows nothing?
    """
    loss, _ = loss_of(network(student), *batch(rng))
    if abs(float(loss) - np.log(10)) > 0.01:
        raise Failed(f"The loss is {float(loss):.3f}.")


@part(f"{NAME}.loss")
def test_regularisation(student, rng):
    """Regularisation adds reg / 2 times the sum of the squares of all weights to the loss, and no biases.

    Which arrays are squared, and with which factor?
    """
    images, labels = batch(rng)
    model = network(student, weight_scale=0.3)
    for name in ("b1", "b2", "b3"):
        model.params[name] += 1.0
    squares = sum(float(np.sum(model.params[name] ** 2)) for name in ("W1", "W2", "W3"))
    plain, _ = loss_of(model, images, labels)
    model.reg = 4.0
    assert_matches(loss_of(model, images, labels)[0] - plain, np.array(2.0 * squares), "added loss")


@part(f"{NAME}.loss")
def test_certain(student, rng):
    """A network with an overwhelming last bias is sure of that class: no loss there, a large one elsewhere.

    Does the loss look at the right class of each image?
    """
    model = network(student)
    model.params["b3"] = 20.0 * np.eye(10)[3]
    images, _ = batch(rng)
    loss, _ = loss_of(model, images, np.array([3, 3, 7]))
    if abs(float(loss) - 20 / 3) > 0.01:
        raise Failed(f"The loss is {float(loss):.3f}; with two images right and one wrong by 20 it is 6.667.")


@pytest.mark.parametrize("which", [pytest.param(each, marks=part(f"{NAME}.grads")) for each in SHAPES])
def test_gradients(student, rng, which):
    """The gradient of {which} fits your own loss, regularisation included.

    Which part of the loss, beside the data's, depends on this parameter?
    """
    model = network(student, weight_scale=0.3, reg=0.6)
    images, labels = batch(rng)
    _, grads = loss_of(model, images, labels)
    start = model.params[which].copy()

    def loss(value):
        model.params[which] = value
        return np.asarray(model.loss(images, labels)[0], dtype=float)

    what = f"The gradient of {which}"
    assert_gradient_fits(loss, start, grads.get(which), None, rng, what=what, needs=f"{NAME}.loss")


@part(f"{NAME}.speed")
def test_speed(student, rng):
    """One step takes at most a few times as long as the fast convolution inside it.

    Which layers does the network run on, the fast ones or your loops?
    """
    model = student.ThreeLayerConvNet(input_dim=(3, 32, 32), num_filters=8, filter_size=7, hidden_dim=10)
    if not model.params:
        raise NotImplementedYet("The network has no parameters: its initialisation is not written yet.")
    images, labels = rng.normal(size=(4, 3, 32, 32)).astype(np.float32), np.arange(4)
    if model.loss(images) is None:
        raise NotImplementedYet("There are no scores: the loss is not written yet.")
    if np.shape(model.params.get("W1")) != (8, 3, 7, 7):
        raise Blocked("The speed can be told once the parameters have their shapes.")
    weights, biases, param = model.params["W1"], np.zeros(8, np.float32), {"stride": 1, "pad": 3}

    def convolution():
        out, cache = conv_forward_fast(images, weights, biases, param)
        conv_backward_fast(out, cache)

    def seconds(work):
        before = time.perf_counter()
        work()
        return time.perf_counter() - before

    verdict = measure(
        lambda _: seconds(lambda: loss_of(model, images, labels)),
        lambda _: seconds(convolution),
        TimingPlan(allowed=12.0, first_rounds=3, budget=3.0),
    ).verdict
    if verdict.speed is Speed.SLOW:
        raise Failed(
            f"It takes {verdict.ratio:.0f} times as long: use the layers of the given conv_layer_utils module."
        )
    if verdict.speed is Speed.INCONCLUSIVE:
        raise Inconclusive("The time was too close to the limit to tell.")
