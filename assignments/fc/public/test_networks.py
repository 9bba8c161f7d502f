"""Public checks of TwoLayerNet and FullyConnectedNet."""

import numpy as np
import pytest

from grader.student.checks import (
    Failed,
    NotImplementedYet,
    assert_gradient_fits,
    assert_matches,
    part,
    results,
)

TWO = "TwoLayerNet"
FULL = "FullyConnectedNet"
SHAPES = {
    TWO: {"W1": (12, 6), "b1": (6,), "W2": (6, 10), "b2": (10,)},
    FULL: {"W1": (12, 6), "b1": (6,), "W2": (6, 5), "b2": (5,), "W3": (5, 10), "b3": (10,)},
}


def network(student, name, **options):
    """Return a small network, which must have its parameters."""
    if name == TWO:
        made = student.TwoLayerNet(input_dim=12, hidden_dim=6, **options)
    else:
        made = student.FullyConnectedNet([6, 5], input_dim=12, dtype=np.float64, **options)
    if not made.params:
        raise NotImplementedYet("The network has no parameters: its initialisation is not written yet.")
    return made


def batch(rng):
    """Draw samples and labels."""
    return rng.normal(size=(4, 3, 4)), rng.integers(10, size=4)


def loss_of(model, x, y):
    """Return loss and gradients, which must be there."""
    loss, grads = results(model.loss(x, y), 2, "loss with labels")
    if not grads:
        raise NotImplementedYet("There are no gradients: the loss is not written yet.")
    return loss, grads


def each(aspect, names=(TWO, FULL)):
    """Run a check for each network, under the network's own part."""
    return pytest.mark.parametrize(
        "name", [pytest.param(n, marks=part(f"{n}.{aspect}"), id=n) for n in names]
    )


@each("init")
def test_parameters(student, name):
    """Every parameter of {name} has its shape; weights spread by about weight_scale, and biases are zero.

    What does the layer before hand over, and how many numbers are that?
    """
    params = network(student, name, weight_scale=0.25).params
    for key, shape in SHAPES[name].items():
        if np.shape(params.get(key)) != shape:
            raise Failed(f"{key} has shape {np.shape(params.get(key))} instead of {shape}.")
        if key.startswith("b"):
            assert_matches(params[key], np.zeros(shape), key)
    deviation = np.std(np.concatenate([np.ravel(params[key]) for key in SHAPES[name] if key.startswith("W")]))
    if not 0.6 < deviation / 0.25 < 1.4:  # at least 132 weights: six standard errors each way
        raise Failed("The weights do not have the standard deviation weight_scale.")


@each("loss")
def test_fresh_loss(student, rng, name):
    """A fresh {name} guesses among ten classes, so its loss is about ln 10 = 2.3.

    What probability does each of ten classes get from a network that knows nothing?
    """
    loss, _ = loss_of(network(student, name, weight_scale=1e-3), *batch(rng))
    if abs(float(loss) - np.log(10)) > 0.01:
        raise Failed(f"The loss is {float(loss):.3f}.")


@each("loss")
def test_regularisation(student, rng, name):
    """Regularisation adds reg / 2 times the sum of the squares of all weights to the loss of {name}, and no biases.

    Which arrays are squared, and with which factor?
    """
    samples, labels = batch(rng)
    model = network(student, name, weight_scale=0.3)
    squares = sum(float(np.sum(value**2)) for key, value in model.params.items() if key.startswith("W"))
    for key in ("b1", "b2"):
        model.params[key] += 1.0
    plain, _ = loss_of(model, samples, labels)
    model.reg = 4.0
    assert_matches(loss_of(model, samples, labels)[0] - plain, np.array(2.0 * squares), "added loss")


def check_gradient(student, rng, name, which, **options):
    """Demand that a gradient fits the student's own loss."""
    model = network(student, name, weight_scale=0.4, reg=0.6, **options)
    for key in ("b1", "b2"):  # a unit without any input is then not on the kink of its ReLU
        model.params[key] = rng.normal(0, 0.5, size=SHAPES[name][key])
    samples, labels = batch(rng)
    _, grads = loss_of(model, samples, labels)
    start = model.params[which].copy()

    def loss(value):
        model.params[which] = value
        return np.asarray(model.loss(samples, labels)[0], dtype=float)

    what = f"The gradient of {which}"
    assert_gradient_fits(loss, start, grads.get(which), None, rng, what=what, needs=f"{name}.loss")


@pytest.mark.parametrize("which", ["W1", "b1", "W2", "b2"])
@each("grads")
def test_gradients(student, rng, name, which):
    """The gradient of {which} in {name} fits your own loss, regularisation included.

    Which part of the loss, beside the data's, depends on this parameter?
    """
    check_gradient(student, rng, name, which)


OPTIONS = {"batchnorm": {"use_batchnorm": True}, "dropout": {"dropout": 0.6, "seed": 3}}
EXTRA = [
    ("batchnorm", "W1"),
    ("batchnorm", "gamma1"),
    ("batchnorm", "beta2"),
    ("dropout", "W1"),
    ("dropout", "b2"),
]
EXTRA = [pytest.param(*pair, marks=part(f"{FULL}.{pair[0]}"), id="-".join(pair)) for pair in EXTRA]


@pytest.mark.parametrize(("extra", "which"), EXTRA)
def test_extras(student, rng, extra, which):
    """With {extra} the gradient of {which} fits your own loss; a seed makes what is dropped repeat.

    Does the way back pass every layer of the way there, in reverse?
    """
    check_gradient(student, rng, FULL, which, **OPTIONS[extra])
