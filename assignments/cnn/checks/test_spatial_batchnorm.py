"""Hidden checks of spatial_batchnorm_forward and spatial_batchnorm_backward.

N, C, H and W all differ and so do the channels' means and spreads: a layer that mixes up its axes is then wrong
everywhere. Under the default eps the spreads are those of the notebook, where a forgotten eps disappears in
rounding; under eps = 1e-3 they are small enough for it to show in every draw.
"""

import contextlib
from dataclasses import dataclass, field, replace
from time import thread_time

import numpy as np
import pytest

from grader.checking import (
    IMAGE_AXES,
    Derivation,
    Effort,
    Failed,
    NotImplementedYet,
    assert_gradient_matches,
    assert_matches,
    assert_unchanged,
    beyond,
    cache_of,
    is_gradient_of,
    moved,
    part,
    remark_unless_right,
    require_written,
    results,
    run_backward,
    timed,
)
from grader.sandbox import StudentError

FORWARD = "spatial_batchnorm_forward"
BACKWARD = "spatial_batchnorm_backward"
SHAPE = (2, 3, 4, 5)
GRADIENTS = ("dx", "dgamma", "dbeta")

# Of images, scale and shift. The variance and its powers stay finite even in float32.
LARGE = (1e10, 1e14, 1e14)


@dataclass(frozen=True)
class Setting:
    """Entries of bn_param besides the mode; `name` seeds the inputs and `words` goes into the check's title."""

    name: str
    words: str
    param: dict = field(default_factory=dict)
    shape: tuple = SHAPE
    spread: tuple = (2.5, 4.0)
    centre: float = 2.0

    def __str__(self):
        return self.words


DEFAULT = Setting("default", "the default eps")
LARGE_EPS = Setting("large_eps", "eps = 1e-3", {"eps": 1e-3}, (4, 2, 5, 3), (1.2, 1.5))
ASSIGNED = [DEFAULT, LARGE_EPS]
ONE_IMAGE = Setting("one_image", "a single image", {}, (1, 3, 4, 5))
# Around zero, so that single precision loses nothing when the mean is subtracted.
FAINT = Setting("faint", "images of hardly any contrast", spread=(0.02, 0.05), centre=0.0)


def layer(rng, setting=DEFAULT):
    """Draw images whose channels have their own means and spreads, a scale and a shift.

    The spreads are exact: how far an eps shows is not for the draw to decide.
    """
    channels, pixels = setting.shape[1], (0, 2, 3)
    spread = rng.uniform(*setting.spread, size=(channels, 1, 1))
    x = rng.normal(size=setting.shape)
    x = (x - x.mean(axis=pixels, keepdims=True)) / x.std(axis=pixels, keepdims=True)
    x = x * spread + rng.normal(0, setting.centre, size=(channels, 1, 1))
    return x, rng.uniform(0.5, 2, size=channels), rng.normal(size=channels)


def run_train(student, reference, rng, setting):
    """Run one step in train mode on both sides."""
    args = layer(rng, setting)
    param = {"mode": "train", **setting.param}
    out, _ = results(student.spatial_batchnorm_forward(*args, param), 2, FORWARD)
    assert_matches(out, reference.spatial_batchnorm_forward(*args, dict(param))[0], axes=IMAGE_AXES)


@part(f"{FORWARD}.train")
@pytest.mark.parametrize("setting", ASSIGNED, ids=lambda setting: setting.name)
def test_train(student, reference, rng, setting):
    """In train mode each channel is normalised, scaled and shifted, with {setting}."""
    run_train(student, reference, rng, setting)


@beyond(f"{FORWARD}.train")
def test_train_one_image(student, reference, rng):
    """In train mode the output is right for a single image."""
    run_train(student, reference, rng, ONE_IMAGE)


@beyond(f"{FORWARD}.train")
def test_train_default_eps(student, reference, rng):
    """In train mode eps is 1e-5 where bn_param has none, as images of hardly any contrast show."""
    run_train(student, reference, rng, FAINT)


@beyond(f"{FORWARD}.train")
def test_arguments_kept(student, rng):
    """The forward pass leaves the images as they were."""
    x, gamma, beta = layer(rng)
    kept = student.put(x)
    require_written(student.spatial_batchnorm_forward(kept, gamma, beta, {"mode": "train"}))
    assert_unchanged(kept.value(), x, "x")


OF_BATCH = {"running_mean": np.mean, "running_var": np.var}

# Means and spreads of three channels such that a statistic of mixed channels lies on the wrong side of half of at
# least one channel's own in every draw: whether such a mistake is caught must not depend on the numbers drawn.
FAR_APART = {
    "running_mean": (np.array([3.0, -3.0, 1.0]), np.full(3, 0.1)),
    "running_var": (np.zeros(3), np.array([1.0, 1.0, 8.0])),
}


def for_each_statistic(check):
    """Make a check of one running statistic into a check of each, under its own part."""
    names = ("running_mean", "running_var")
    params = [pytest.param(each, marks=part(f"{FORWARD}.{each}"), id=each) for each in names]
    return pytest.mark.parametrize("statistic", params)(check)


def channels_far_apart(rng, means, spreads):
    """Draw images whose channels have nearly these means and spreads: signs are drawn, sizes hardly vary."""
    size = spreads[:, None, None] * rng.uniform(0.95, 1.05, size=SHAPE)
    x = means[:, None, None] + size * rng.choice([-1.0, 1.0], size=SHAPE)
    return x, rng.uniform(0.5, 2, size=3), rng.normal(size=3)


def history(rng, setting=DEFAULT):
    """Draw running statistics as an earlier training would have left them."""
    channels = setting.shape[1]
    variance = rng.uniform(*setting.spread, size=channels) ** 2
    return {"running_mean": rng.normal(size=channels), "running_var": variance}


def assert_statistic_matches(bn_param, expected, statistic):
    """Compare a running statistic that the student's forward pass left in bn_param."""
    actual = bn_param.get(statistic)
    if actual is None:
        raise Failed(f"After a step in train mode bn_param has no {statistic}.")
    assert_matches(actual, expected[statistic], statistic)


def check_steps(student, reference, rng, start, steps, statistic):
    """Run train steps on both sides and compare the running statistic they end with."""
    expected = {"mode": "train", **start}
    bn_param = student.put(expected)
    for _ in range(steps):
        args = layer(rng)
        run_step(student, args, bn_param)
        reference.spatial_batchnorm_forward(*args, expected)
    assert_statistic_matches(bn_param, expected, statistic)


@for_each_statistic
def test_first_steps(student, reference, rng, statistic):
    """Three steps in train mode build up the {statistic} from zeros, with the default momentum."""
    check_steps(student, reference, rng, {}, 3, statistic)


@for_each_statistic
def test_step_from_history(student, reference, rng, statistic):
    """A step in train mode blends the {statistic} of the past with the batch's own, with momentum 0.7."""
    check_steps(student, reference, rng, {"momentum": 0.7, **history(rng)}, 1, statistic)


@for_each_statistic
def test_kept_in_test_mode(student, rng, statistic):
    """Test mode leaves the {statistic} as training has left it."""
    args = channels_far_apart(rng, *FAR_APART[statistic])
    batch = {name: of(args[0], axis=(0, 2, 3)) for name, of in OF_BATCH.items()}
    # Half of where the step leads: from there zeros, which keep still in any mode, lie the other way.
    bn_param = student.put({"mode": "train", **{name: each / 2 for name, each in batch.items()}})
    run_step(student, args, bn_param)
    trained = bn_param.get(statistic)
    if not moved(batch[statistic] / 2, trained, batch[statistic]):
        raise Failed(
            f"There is nothing to keep: a step in train mode did not change the {statistic} as it should."
        )
    bn_param["mode"] = "test"
    with contextlib.suppress(StudentError):  # that test mode fails is not the statistic's fault
        run_step(student, layer(rng), bn_param)
    assert_statistic_matches(bn_param, {statistic: trained}, statistic)


def run_step(student, args, bn_param):
    """Run the student's forward pass for what it does to bn_param."""
    out, _ = results(student.spatial_batchnorm_forward(*args, bn_param), 2, FORWARD)
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")


def run_test(student, reference, rng, setting):
    """Run test mode on both sides."""
    args = layer(rng, setting)
    param = {"mode": "test", **history(rng, setting), **setting.param}
    out, _ = results(student.spatial_batchnorm_forward(*args, param), 2, FORWARD)
    assert_matches(out, reference.spatial_batchnorm_forward(*args, dict(param))[0], axes=IMAGE_AXES)


@part(f"{FORWARD}.test")
@pytest.mark.parametrize("setting", ASSIGNED, ids=lambda setting: setting.name)
def test_test_mode(student, reference, rng, setting):
    """Test mode normalises with the running statistics, with {setting}."""
    run_test(student, reference, rng, setting)


@beyond(f"{FORWARD}.test")
def test_test_mode_default_eps(student, reference, rng):
    """In test mode eps is 1e-5 where bn_param has none, as images of hardly any contrast show."""
    run_test(student, reference, rng, FAINT)


@dataclass(frozen=True)
class Backward:
    """The gradients of one hidden layer, the student's and the reference's, and how to run it again."""

    actual: tuple
    expected: tuple
    arguments: tuple
    param: dict
    dout: np.ndarray

    def answers(self):
        """Return for each gradient what came out and what is right."""
        return dict(zip(GRADIENTS, zip(self.actual, self.expected, strict=True), strict=True))


def run_student(student, args, param, dout):
    """Return the student's three gradients."""
    cache = cache_of(lambda: student.spatial_batchnorm_forward(*args, param))
    if cache is None:
        cache = cache_of(lambda: normalise_pixels(student, *args, param))
    value = run_backward(lambda: student.spatial_batchnorm_backward(dout, cache), cache, FORWARD)
    return results(value, 3, BACKWARD)


def normalise_pixels(student, x, gamma, beta, param):
    """Run the student's batchnorm_forward on one row per pixel, which leaves the cache that the hints lead to."""
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    return student.sibling(BACKWARD, "batchnorm_forward")(pixels, gamma, beta, dict(param))


def run_reference(reference, args, param, dout):
    """Return the right gradients."""
    cache = reference.spatial_batchnorm_forward(*args, dict(param))[1]
    return reference.spatial_batchnorm_backward(dout, cache)


def run_gradients(setting, student, reference, draw, magnitudes=(1.0, 1.0, 1.0), dtype=np.float64):
    """Run a step in train mode and its backward pass on both sides; the reference's in double precision."""
    rng = draw(BACKWARD, setting.name)
    args = tuple(scale * each for scale, each in zip(magnitudes, layer(rng, setting), strict=True))
    param = {"mode": "train", **setting.param}
    dout = rng.normal(size=setting.shape)
    narrow = [each.astype(dtype) for each in (*args, dout)]
    actual = run_student(student, tuple(narrow[:3]), param, narrow[3])
    *args, dout = (each.astype(np.float64) for each in narrow)
    return Backward(actual, run_reference(reference, args, param, dout), args, param, dout)


def check_gradient(student, reference, rng, gradients, position, name):
    """Compare one gradient, allowing for a forward pass that is slightly off."""
    before, after = gradients.arguments[:position], gradients.arguments[position + 1 :]

    def forward(value):
        return results(
            student.spatial_batchnorm_forward(*before, value, *after, gradients.param), 2, FORWARD
        )[0]

    def right(value):
        return reference.spatial_batchnorm_forward(*before, value, *after, dict(gradients.param))[0]

    assert_gradient_matches(
        gradients.actual[position],
        gradients.expected[position],
        name,
        IMAGE_AXES if name == "dx" else ("channel",),
        lambda gradient: is_gradient_of(
            forward,
            gradients.arguments[position],
            gradient,
            gradients.dout,
            rng,
            student=student,
            right=right,
        ),
    )


@pytest.fixture(scope="module", params=ASSIGNED, ids=lambda setting: setting.name)
def gradients(request, student, reference, draw):
    """The gradients of a layer as in the assignment."""
    return run_gradients(request.param, student, reference, draw)


@pytest.fixture(scope="module")
def derivation(student, reference, draw):
    """How the gradients come about: trying every entry out would give them, too."""

    def at_large_values():
        return run_gradients(DEFAULT, student, reference, draw, LARGE).answers()

    def at_size(channels, look):
        setting = Setting("size", f"{channels} channels", shape=(2, channels, 8, 8))
        rng = draw(BACKWARD, channels, look)
        args, param, dout = layer(rng, setting), {"mode": "train"}, rng.normal(size=setting.shape)
        actual, theirs = timed(student.cpu_seconds, lambda: run_student(student, args, param, dout))
        expected, ours = timed(thread_time, lambda: run_reference(reference, args, param, dout))
        answers = Backward(actual, expected, args, param, dout).answers()
        # The reference works on whole arrays: no forward pass is much faster than its share of these passes.
        return answers, Effort(student=theirs, entries=channels, trial=ours / 4)

    return Derivation(at_large_values, at_size, sizes=(8, 16, 32, 64, 128, 256))


@part(f"{BACKWARD}.dx")
def test_dx(student, reference, draw, rng, gradients, derivation):
    """The gradient of the input is right, also through mean and variance, with {gradients}."""
    check_gradient(student, reference, rng, gradients, 0, "dx")
    derivation.demand("dx")

    def in_single_precision():
        # Around zero: a variance from squares loses its digits elsewhere, and is honest.
        setting = replace(DEFAULT, centre=0.0)
        found = run_gradients(setting, student, reference, draw, dtype=np.float32)
        return {"dx": found.answers()["dx"]}

    remark_unless_right(student, BACKWARD, "in single precision", in_single_precision)


@part(f"{BACKWARD}.dgamma")
def test_dgamma(student, reference, rng, gradients, derivation):
    """The gradient of the scale is right, with {gradients}."""
    check_gradient(student, reference, rng, gradients, 1, "dgamma")
    derivation.demand("dgamma")


@part(f"{BACKWARD}.dbeta")
def test_dbeta(student, reference, rng, gradients, derivation):
    """The gradient of the shift is right, with {gradients}."""
    check_gradient(student, reference, rng, gradients, 2, "dbeta")
    derivation.demand("dbeta")


@beyond(f"{BACKWARD}.dx")
def test_dx_of_one_image(student, reference, draw, rng):
    """The gradient of the input is right for a single image."""
    check_gradient(student, reference, rng, run_gradients(ONE_IMAGE, student, reference, draw), 0, "dx")
