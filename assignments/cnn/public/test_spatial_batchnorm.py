"""Public checks of spatial_batchnorm_forward and spatial_batchnorm_backward."""

import numpy as np
import pytest

from grader.student.checks import (
    IMAGE_AXES,
    Failed,
    NotImplementedYet,
    assert_gradient_fits,
    assert_matches,
    part,
    results,
    run_backward,
)

FORWARD = "spatial_batchnorm_forward"
BACKWARD = "spatial_batchnorm_backward"
TINY = 1e-12
"""An eps too small to be seen, so that what comes out can be told without it."""


def output(student, *args):
    """Return the student's output, which must be there."""
    out = results(student.spatial_batchnorm_forward(*args), 2, FORWARD)[0]
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")
    return out


def images(rng):
    """Draw images whose three channels have means and spreads of their own."""
    return rng.normal(size=(2, 3, 4, 5)) * np.reshape([1.0, 3.0, 5.0], (3, 1, 1)) + np.reshape(
        [10.0, -4.0, 2.0], (3, 1, 1)
    )


def of_channels(values, statistic):
    """Return a statistic of each channel over images, rows and columns."""
    return np.array([statistic(values[:, channel]) for channel in range(values.shape[1])])


@part(f"{FORWARD}.train")
@pytest.mark.parametrize("statistic", ["mean", "std"])
def test_train(student, rng, statistic):
    """In train mode each channel of the output has the {statistic} that was asked for: mean beta, deviation gamma.

    Over which of the four axes is one mean taken, and how many numbers are that?
    """
    gamma, beta = np.array([3.0, 4.0, 5.0]), np.array([6.0, 7.0, 8.0])
    out = output(student, images(rng), gamma, beta, {"mode": "train", "eps": TINY})
    if np.shape(out) != (2, 3, 4, 5):
        raise Failed(f"The output has shape {np.shape(out)} instead of (2, 3, 4, 5), that of the images.")
    expected = beta if statistic == "mean" else gamma
    assert_matches(of_channels(out, getattr(np, statistic)), expected, statistic, ("channel",))


@part(f"{FORWARD}.train")
def test_order_kept(student, rng):
    """Normalising keeps every pixel in its place: bright ones stay brighter than dark ones of their channel.

    After your reshape, does a row still hold the channels of one pixel?
    """
    x = images(rng)
    out = output(student, x, np.ones(3), np.zeros(3), {"mode": "train"})
    for channel in range(3):
        order = np.argsort(x[:, channel], axis=None)
        if not np.array_equal(np.argsort(out[:, channel], axis=None), order):
            raise Failed(f"The pixels of channel {channel} do not come out in their own places.")


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
    x, bn_param = images(rng), {"mode": "train"}
    for _ in range(steps):
        output(student, x, np.ones(3), np.zeros(3), bn_param)
    if name not in bn_param:
        raise Failed(f"After a step in train mode bn_param has no {name}.")
    assert_matches(bn_param[name], share * of_channels(x, statistic), name, ("channel",))


@part(f"{FORWARD}.test")
def test_test_mode(student):
    """In test mode a pixel two running deviations above the running mean comes out as beta + 2 gamma.

    Which mean and which deviation are used when there is no batch to trust?
    """
    mean, deviation = np.array([1.0, -2.0, 30.0]), np.array([2.0, 0.5, 4.0])
    gamma, beta = np.array([1.0, 5.0, -3.0]), np.array([0.5, 7.0, 2.0])
    x = np.tile((mean + 2 * deviation).reshape(3, 1, 1), (2, 1, 4, 5))
    bn_param = {"mode": "test", "eps": TINY, "running_mean": mean, "running_var": deviation**2}
    expected = np.tile((beta + 2 * gamma).reshape(3, 1, 1), (2, 1, 4, 5))
    assert_matches(output(student, x, gamma, beta, bn_param), expected, axes=IMAGE_AXES)


@pytest.mark.parametrize(
    ("position", "name"),
    [
        pytest.param(place, name, marks=part(f"{BACKWARD}.{name}"), id=name)
        for place, name in enumerate(("dx", "dgamma", "dbeta"))
    ],
)
def test_gradients(student, rng, position, name):
    """The gradient {name} fits your forward pass in train mode.

    Which other numbers of its channel does one pixel change, by way of mean and variance?
    """
    layer = [images(rng), np.array([0.5, 1.0, 2.0]), np.array([-1.0, 0.0, 1.0])]
    dout = rng.normal(size=(2, 3, 4, 5))

    def forward(value):
        changed = [value if place == position else each for place, each in enumerate(layer)]
        return results(student.spatial_batchnorm_forward(*changed, {"mode": "train"}), 2, FORWARD)[0]

    gradients = run_backward(
        lambda: student.spatial_batchnorm_forward(*layer, {"mode": "train"}),
        lambda cache: student.spatial_batchnorm_backward(dout, cache),
        3,
        needs=FORWARD,
    )
    axes = IMAGE_AXES if name == "dx" else ("channel",)
    assert_gradient_fits(
        forward, layer[position], gradients[position], dout, rng, what=name, needs=FORWARD, axes=axes
    )
