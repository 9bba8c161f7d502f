"""Hidden checks of batchnorm_forward and batchnorm_backward.

Features have means and spreads of their own, so that statistics over the wrong axis are wrong everywhere. Under the
default eps the spreads are so large that a forgotten eps disappears in rounding; under eps = 1e-3 they are small enough
for it to show in every draw.
"""

import contextlib
from dataclasses import dataclass, field
from time import thread_time

import numpy as np
import pytest

from grader.checking import (
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

FORWARD = "batchnorm_forward"
BACKWARD = "batchnorm_backward"
GRADIENTS = ("dx", "dgamma", "dbeta")
AXES = ("sample", "feature")
STATISTICS = {"running_mean": np.mean, "running_var": np.var}


@dataclass(frozen=True)
class Setting:
    """Entries of bn_param besides the mode; `name` seeds the inputs and `words` goes into the check's title."""

    name: str
    words: str
    param: dict = field(default_factory=dict)
    shape: tuple = (7, 5)
    spread: tuple = (20.0, 30.0)
    centre: float = 15.0

    def __str__(self):
        return self.words


DEFAULT = Setting("default", "the default eps")
LARGE_EPS = Setting("large_eps", "eps = 1e-3", {"eps": 1e-3}, (40, 4), (1.2, 1.5))
ASSIGNED = [DEFAULT, LARGE_EPS]
# Around zero, so that single precision loses nothing when the mean is subtracted.
FAINT = Setting("faint", "features that hardly vary", spread=(0.02, 0.05), centre=0.0)


def layer(rng, setting=DEFAULT):
    """Draw samples whose features have their own means and spreads, a scale and a shift.

    The spreads are exact: how far an eps shows is not for the draw to decide.
    """
    features = setting.shape[1]
    spread = rng.uniform(*setting.spread, size=features)
    x = rng.normal(size=setting.shape)
    x = (x - x.mean(axis=0)) / x.std(axis=0) * spread + rng.normal(0, setting.centre, size=features)
    return x, rng.uniform(0.5, 2, size=features), rng.normal(size=features)


def history(rng, setting=DEFAULT):
    """Draw running statistics as an earlier training would have left them."""
    features = setting.shape[1]
    variance = rng.uniform(*setting.spread, size=features) ** 2
    return {"running_mean": rng.normal(size=features), "running_var": variance}


def check_output(student, reference, args, param):
    """Compare one forward pass."""
    out, _ = results(student.batchnorm_forward(*args, param), 2, FORWARD)
    assert_matches(out, reference.batchnorm_forward(*args, dict(param))[0], axes=AXES)


# --- train --------------------------------------------------------------------------------------------------------


@part(f"{FORWARD}.train")
@pytest.mark.parametrize("setting", ASSIGNED, ids=lambda setting: setting.name)
def test_train(student, reference, rng, setting):
    """In train mode each feature is normalised, scaled and shifted, with {setting}."""
    check_output(student, reference, layer(rng, setting), {"mode": "train", **setting.param})


@beyond(f"{FORWARD}.train")
def test_train_default_eps(student, reference, rng):
    """In train mode eps is 1e-5 where bn_param has none, as features that hardly vary show."""
    check_output(student, reference, layer(rng, FAINT), {"mode": "train"})


@beyond(f"{FORWARD}.train")
def test_arguments_kept(student, rng):
    """The forward pass leaves its input as it was."""
    x, gamma, beta = layer(rng)
    kept = student.put(x)
    require_written(student.batchnorm_forward(kept, gamma, beta, {"mode": "train"}))
    assert_unchanged(kept.value(), x, "x")


# --- running statistics -------------------------------------------------------------------------------------------


def for_each_statistic(check):
    """Make a check of one running statistic into a check of each, under its own part."""
    params = [pytest.param(each, marks=part(f"{FORWARD}.{each}"), id=each) for each in STATISTICS]
    return pytest.mark.parametrize("statistic", params)(check)


def run_step(student, args, bn_param):
    """Run the student's forward pass for what it does to bn_param."""
    out, _ = results(student.batchnorm_forward(*args, bn_param), 2, FORWARD)
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")


def check_steps(student, reference, rng, start, steps, statistic):
    """Run train steps on both sides and compare the running statistic they end with."""
    expected = {"mode": "train", **start}
    bn_param = student.put(expected)
    for _ in range(steps):
        args = layer(rng)
        run_step(student, args, bn_param)
        reference.batchnorm_forward(*args, expected)
    assert_matches(bn_param.get(statistic), expected[statistic], statistic)


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
    args = layer(rng)
    batch = {name: of(args[0], axis=0) for name, of in STATISTICS.items()}
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
    assert_matches(bn_param.get(statistic), trained, statistic)


# --- test ---------------------------------------------------------------------------------------------------------


@part(f"{FORWARD}.test")
@pytest.mark.parametrize("setting", ASSIGNED, ids=lambda setting: setting.name)
def test_test_mode(student, reference, rng, setting):
    """Test mode normalises with the running statistics, with {setting}."""
    param = {"mode": "test", **history(rng, setting), **setting.param}
    check_output(student, reference, layer(rng, setting), param)


# --- backward -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Backward:
    """The gradients of one layer, the student's and the reference's, and how to run it again."""

    words: str
    actual: tuple
    expected: tuple
    arguments: tuple
    param: dict
    dout: np.ndarray

    def __str__(self):
        return self.words


def run_student(student, args, param, dout):
    """Return the student's three gradients."""
    cache = cache_of(lambda: student.batchnorm_forward(*args, param))
    value = run_backward(lambda: student.batchnorm_backward(dout, cache), cache, FORWARD)
    return results(value, 3, BACKWARD)


def run_reference(reference, args, param, dout):
    """Return the right gradients."""
    return reference.batchnorm_backward(dout, reference.batchnorm_forward(*args, dict(param))[1])


@pytest.fixture(scope="module", params=ASSIGNED, ids=lambda setting: setting.name)
def gradients(request, student, reference, draw):
    """The gradients of a layer as in the assignment."""
    setting = request.param
    rng = draw(BACKWARD, setting.name)
    args, param = layer(rng, setting), {"mode": "train", **setting.param}
    dout = rng.normal(size=setting.shape)
    actual = run_student(student, args, param, dout)
    return Backward(setting.words, actual, run_reference(reference, args, param, dout), args, param, dout)


@pytest.fixture(scope="module")
def derivation(student, reference, draw):
    """How the gradients come about: trying every entry out would give them, too."""

    def at_size(features, look):
        rng = draw(BACKWARD, features, look)
        setting = Setting("size", f"{features} features", shape=(32, features))
        args, param, dout = layer(rng, setting), {"mode": "train"}, rng.normal(size=setting.shape)
        actual, theirs = timed(student.cpu_seconds, lambda: run_student(student, args, param, dout))
        expected, ours = timed(thread_time, lambda: run_reference(reference, args, param, dout))
        answers = dict(zip(GRADIENTS, zip(actual, expected, strict=True), strict=True))
        # The reference works on whole arrays: no forward pass is much faster than its share of these passes.
        return answers, Effort(student=theirs, entries=features, trial=ours / 4)

    return Derivation(dict, at_size, sizes=(16, 32, 64, 128, 256, 512))


EACH = [pytest.param(*each, marks=part(f"{BACKWARD}.{each[1]}"), id=each[1]) for each in enumerate(GRADIENTS)]


@pytest.mark.parametrize(("position", "name"), EACH)
def test_gradient(student, reference, rng, gradients, derivation, position, name):
    """The gradient {name} is right in train mode, with {gradients}."""
    before, after = gradients.arguments[:position], gradients.arguments[position + 1 :]

    def output_at(moved):
        return results(student.batchnorm_forward(*before, moved, *after, gradients.param), 2, FORWARD)[0]

    def right_at(moved):
        return reference.batchnorm_forward(*before, moved, *after, dict(gradients.param))[0]

    def of_own_forward(gradient):
        start, own = gradients.arguments[position], {"student": student, "right": right_at}
        return is_gradient_of(output_at, start, gradient, gradients.dout, rng, **own)

    right, axes = gradients.expected[position], AXES if name == "dx" else ("feature",)
    assert_gradient_matches(gradients.actual[position], right, name, axes, of_own_forward)
    derivation.demand(name)
    if name != "dx":
        return

    def in_single_precision():
        x, gamma, beta = gradients.arguments
        # Around zero: a variance from squares loses its digits elsewhere, and is honest.
        wide = (x - x.mean(axis=0), gamma, beta, gradients.dout)
        *args, dout = (each.astype(np.float32) for each in wide)
        found = run_student(student, tuple(args), gradients.param, dout)
        wide = tuple(each.astype(np.float64) for each in args)
        return {name: (found[0], run_reference(reference, wide, gradients.param, dout.astype(np.float64))[0])}

    remark_unless_right(student, BACKWARD, "in single precision", in_single_precision)
