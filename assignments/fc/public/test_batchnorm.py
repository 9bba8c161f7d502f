"""Public checks of batchnorm_forward and batchnorm_backward."""

import numpy as np
import pytest

from grader.student.checks import (
    Failed,
    NotImplementedYet,
    assert_gradient_fits,
    assert_matches,
    part,
    results,
    run_backward,
)

FORWARD = "batchnorm_forward"
BACKWARD = "batchnorm_backward"
TINY = 1e-12
"""An eps too small to be seen, so that what comes out can be told without it."""


def output(student, *args):
    """Return the student's output, which must be there."""
    out = results(student.batchnorm_forward(*args), 2, FORWARD)[0]
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")
    return out


def samples(rng):
    """Draw samples whose three features have means and spreads of their own."""
    return rng.normal(size=(7, 3)) * [1.0, 3.0, 5.0] + [10.0, -4.0, 2.0]


@part(f"{FORWARD}.train")
@pytest.mark.parametrize("statistic", ["mean", "std"])
def test_train(student, rng, statistic):
    """In train mode each feature of the output has the {statistic} that was asked for: mean beta, deviation gamma.

    Over which axis is one mean taken: over the samples or over the features?
    """
    gamma, beta = np.array([3.0, 4.0, 5.0]), np.array([6.0, 7.0, 8.0])
    out = output(student, samples(rng), gamma, beta, {"mode": "train", "eps": TINY})
    if np.shape(out) != (7, 3):
        raise Failed(f"The output has shape {np.shape(out)} instead of (7, 3), that of the input.")
    expected = beta if statistic == "mean" else gamma
    assert_matches(getattr(np, statistic)(out, axis=0), expected, statistic, ("feature",))


@pytest.mark.parametrize(("steps", "share"), [(1, 0.1), (2, 0.19)], ids=["first", "second"])
@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        pytest.param("running_mean", np.mean, marks=part(f"{FORWARD}.running_mean"), id="mean"),
        pytest.param("running_var", np.var, marks=part(f"{FORWARD}.running_var"), id="var"),
    ],
)
def test_steps(student, rng, name, statistic, steps, share):
    """In train mode {name} moves a tenth of the way from where it is to that of the batch; steps taken: {steps}.

    What share of the running value stays, and is it written back?
    """
    x, bn_param = samples(rng), {"mode": "train"}
    for _ in range(steps):
        output(student, x, np.ones(3), np.zeros(3), bn_param)
    assert_matches(bn_param.get(name), share * statistic(x, axis=0), name, ("feature",))


@part(f"{FORWARD}.test")
def test_test_mode(student):
    """In test mode a number two running deviations above the running mean comes out as beta + 2 gamma.

    Which mean and which deviation are used when there is no batch to trust?
    """
    mean, deviation = np.array([1.0, -2.0, 30.0]), np.array([2.0, 0.5, 4.0])
    gamma, beta = np.array([1.0, 5.0, -3.0]), np.array([0.5, 7.0, 2.0])
    bn_param = {"mode": "test", "eps": TINY, "running_mean": mean, "running_var": deviation**2}
    out = output(student, np.tile(mean + 2 * deviation, (4, 1)), gamma, beta, bn_param)
    assert_matches(out, np.tile(beta + 2 * gamma, (4, 1)), axes=("sample", "feature"))


@pytest.mark.parametrize(
    ("position", "name"),
    [
        pytest.param(place, name, marks=part(f"{BACKWARD}.{name}"), id=name)
        for place, name in enumerate(("dx", "dgamma", "dbeta"))
    ],
)
def test_gradients(student, rng, position, name):
    """The gradient {name} fits your forward pass in train mode.

    By way of what, beside itself, does one number change the outputs of its feature?
    """
    layer, dout = (
        [samples(rng), np.array([0.5, 1.0, 2.0]), np.array([-1.0, 0.0, 1.0])],
        rng.normal(size=(7, 3)),
    )

    def forward(value):
        changed = [value if place == position else each for place, each in enumerate(layer)]
        return results(student.batchnorm_forward(*changed, {"mode": "train"}), 2, FORWARD)[0]

    gradients = run_backward(
        lambda: student.batchnorm_forward(*layer, {"mode": "train"}),
        lambda cache: student.batchnorm_backward(dout, cache),
        3,
        needs=FORWARD,
    )
    axes = ("sample", "feature") if name == "dx" else ("feature",)
    assert_gradient_fits(
        forward, layer[position], gradients[position], dout, rng, what=name, needs=FORWARD, axes=axes
    )
