"""Gradients are told from wrong ones by their functions, and doubt is neither a pass nor a failure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from grader.instruments.gradient import (
    GradientPlan,
    GradientVerdict,
    directional_check,
    directional_check_many,
)
from tests.instruments.functions import ALL, KINKED, SMOOTH, Known, problem, relu
from tests.instruments.strategies import generators

CONSISTENT, INCONSISTENT = GradientVerdict.CONSISTENT, GradientVerdict.INCONSISTENT

known_functions = st.sampled_from(list(ALL.values()))


@given(known_functions, generators)
def test_right_gradients_are_consistent(known: Known, rng: np.random.Generator) -> None:
    """The right gradient of a smooth or kinked function is never called inconsistent."""
    x, dout, gradient = problem(known, rng)
    assert directional_check(known.f, x, gradient, dout, rng).verdict is not INCONSISTENT


@pytest.mark.parametrize("name", ALL)
def test_right_gradients_are_recognised(name: str) -> None:
    """The right gradient at a generic point is called consistent, and sharply so."""
    rng = np.random.default_rng(3)
    x, dout, gradient = problem(ALL[name], rng)
    evidence = directional_check(ALL[name].f, x, gradient, dout, rng)
    assert evidence.verdict is CONSISTENT
    assert evidence.smallest_error < 1e-3


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6), generators)
def test_polynomials_are_never_inconsistent(coefficients: list[float], rng: np.random.Generator) -> None:
    """A polynomial with its exact gradient is never called inconsistent, whatever its terms."""
    x = rng.normal(size=(3, 4))
    dout = rng.normal(size=x.shape)
    gradient = dout * np.polyval(np.polyder(coefficients), x)
    evidence = directional_check(lambda point: np.polyval(coefficients, point), x, gradient, dout, rng)
    assert evidence.verdict is not INCONSISTENT


@pytest.mark.parametrize("size", [1e-320, 1e-160, 1e160])
def test_extreme_sizes_raise_nothing(size: float) -> None:
    """Gradients whose squares vanish or overflow are judged quietly, and the right one is never inconsistent."""
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(3, 4)), np.ones((3, 4))
    right = np.full((3, 4), size)
    assert directional_check(lambda point: size * point, x, right, dout, rng).verdict is not INCONSISTENT
    directional_check(lambda point: size * point, x, 2.0 * right, dout, rng)


@given(known_functions, generators, st.data())
def test_one_wrong_entry_is_caught(known: Known, rng: np.random.Generator, data: st.DataObject) -> None:
    """An error in one entry of a thousandth of the usual size is caught."""
    x, dout, gradient = problem(known, rng)
    wrong = np.array(gradient)
    place = data.draw(st.integers(0, wrong.size - 1))
    wrong.flat[place] += 1e-3 * np.sqrt(np.mean(wrong**2))
    evidence = directional_check(known.f, x, wrong, dout, rng)
    assume(evidence.smallest_error < 1e-3)
    assert evidence.verdict is INCONSISTENT


@given(st.sampled_from(list(SMOOTH.values())), generators, st.sampled_from([-1.0, 2.0, 0.5, 4.0]))
def test_constant_factors_are_measured(known: Known, rng: np.random.Generator, factor: float) -> None:
    """A gradient that is a multiple of the right one is caught, with the factor."""
    x, dout, gradient = problem(known, rng)
    evidence = directional_check(known.f, x, factor * gradient, dout, rng)
    assert evidence.verdict is INCONSISTENT
    assert evidence.factor == pytest.approx(factor, rel=1e-3)


def test_the_wrong_entry_is_located() -> None:
    """A single wrong entry among many is found by its index and ratio."""
    rng = np.random.default_rng(0)
    x, w, dout = rng.normal(size=(8, 40)), rng.normal(size=(40, 30)), rng.normal(size=(8, 30))
    wrong = x.T @ dout
    wrong[12, 7] *= 1.5
    evidence = directional_check(lambda point: x @ point, w, wrong, dout, rng)
    assert evidence.location is not None
    assert evidence.location.index == (12, 7)
    assert evidence.location.alone
    assert evidence.location.ratio == pytest.approx(1.5, rel=1e-3)
    assert "(12, 7)" in evidence.reason


def test_locating_can_be_left_out() -> None:
    """A plan may do without the place of the error, at fewer evaluations and the same verdict."""
    rng = np.random.default_rng(0)
    x, dout, gradient = problem(SMOOTH["cube"], rng)
    gradient[1, 1] += 1.0
    with_place = directional_check(SMOOTH["cube"].f, x, gradient, dout, np.random.default_rng(1))
    plan = GradientPlan(locate=False)
    without = directional_check(SMOOTH["cube"].f, x, gradient, dout, np.random.default_rng(1), plan=plan)
    assert without.verdict is with_place.verdict
    assert without.location is None
    assert without.evaluations < with_place.evaluations


@given(st.sampled_from([np.nan, np.inf, -np.inf]), generators)
def test_a_gradient_that_is_not_finite_never_passes(value: float, rng: np.random.Generator) -> None:
    """A NaN or infinite entry is an inconsistency."""
    x, dout, gradient = problem(SMOOTH["cube"], rng)
    gradient[0, 0] = value
    evidence = directional_check(SMOOTH["cube"].f, x, gradient, dout, rng)
    assert evidence.verdict is INCONSISTENT
    assert evidence.mismatch == math.inf


@pytest.mark.parametrize("gradient", [None, [1.0], "text", np.ones((2, 2)), np.ones((4, 5)) + 0j])
def test_what_is_no_gradient_never_passes(gradient: object) -> None:
    """None, other objects, wrong shapes and complex numbers are inconsistent, each with a reason."""
    rng = np.random.default_rng(0)
    x, dout, _ = problem(SMOOTH["cube"], rng)
    evidence = directional_check(SMOOTH["cube"].f, x, gradient, dout, rng)
    assert evidence.verdict is INCONSISTENT
    assert evidence.reason


def test_a_function_that_ignores_its_input_is_degenerate() -> None:
    """A zero gradient of a constant function proves nothing."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    evidence = directional_check(np.ones_like, x, np.zeros_like(x), np.ones_like(x), rng)
    assert evidence.verdict is GradientVerdict.DEGENERATE


def test_a_function_of_zeros_is_degenerate() -> None:
    """A function that returns zeros, such as an unfinished one, passes nothing."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    evidence = directional_check(np.zeros_like, x, np.zeros_like(x), np.ones_like(x), rng)
    assert evidence.verdict is GradientVerdict.DEGENERATE


def test_a_derivative_that_cancels_is_degenerate() -> None:
    """Where the derivative is zero though the outputs move, nothing was checked either."""
    rng = np.random.default_rng(0)
    known = SMOOTH["normalise"]
    x = rng.normal(size=known.shape)
    dout = np.ones_like(x)
    evidence = directional_check(known.f, x, known.gradient(dout, x), dout, rng)
    assert evidence.verdict is GradientVerdict.DEGENERATE


def test_a_zero_gradient_of_a_real_function_is_inconsistent() -> None:
    """A gradient left at zero is wrong where the function has a slope."""
    rng = np.random.default_rng(0)
    x, dout, gradient = problem(SMOOTH["affine"], rng)
    assert directional_check(SMOOTH["affine"].f, x, 0.0 * gradient, dout, rng).verdict is INCONSISTENT


def test_a_slope_claimed_of_a_constant_is_inconsistent() -> None:
    """A gradient that is not zero does not fit a constant function."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    evidence = directional_check(np.ones_like, x, x, np.ones_like(x), rng)
    assert evidence.verdict is INCONSISTENT


@pytest.mark.parametrize("name", KINKED)
def test_a_point_on_a_kink_is_inconclusive_alone(name: str) -> None:
    """On a kink no gradient can be judged at the point itself."""
    known = KINKED[name]
    x = np.zeros(known.shape)
    dout = np.random.default_rng(0).normal(size=np.shape(known.f(x)))
    evidence = directional_check(known.f, x, known.gradient(dout, x), dout, np.random.default_rng(1))
    assert evidence.verdict is GradientVerdict.INCONCLUSIVE


@pytest.mark.parametrize("name", KINKED)
@pytest.mark.parametrize(("factor", "verdict"), [(1.0, CONSISTENT), (1.01, INCONSISTENT)])
def test_a_kink_is_stepped_off(name: str, factor: float, verdict: GradientVerdict) -> None:
    """With the gradient as a function, a point on kinks is left, and right and wrong are told apart."""
    known = KINKED[name]
    rng = np.random.default_rng(2)
    x = np.round(rng.normal(size=known.shape))
    dout = rng.normal(size=np.shape(known.f(x)))

    def gradient(point: np.ndarray) -> np.ndarray:
        return factor * known.gradient(dout, point)

    evidence = directional_check(known.f, x, gradient(x), dout, rng, gradient_at=gradient)
    assert evidence.verdict is verdict


@pytest.mark.parametrize("convention", ["first", "all", "split"])
@given(generators)
@settings(max_examples=30)
def test_every_convention_at_ties_is_accepted(convention: str, rng: np.random.Generator) -> None:
    """At ties the gradient may go to the first maximum, to all, or be split; none is inconsistent."""
    x = np.round(rng.normal(size=(6, 4)))
    dout = rng.normal(size=6)

    def gradient(point: np.ndarray) -> np.ndarray:
        ties = point == point.max(1, keepdims=True)
        first = np.arange(4) == point.argmax(1)[:, None]
        chosen = {"first": first, "all": ties, "split": ties / ties.sum(1, keepdims=True)}[convention]
        return chosen * dout[:, None]

    for known_beside in (None, gradient):
        evidence = directional_check(
            lambda point: point.max(1), x, gradient(x), dout, rng, gradient_at=known_beside
        )
        assert evidence.verdict is not INCONSISTENT


@pytest.mark.parametrize("hidden", [False, True])
@given(generators)
@settings(max_examples=30)
def test_float32_functions_are_judged(hidden: bool, rng: np.random.Generator) -> None:
    """A function that computes in float32, openly or not, keeps its right gradient and loses a missing entry."""
    x, w, dout = rng.normal(size=(5, 6)), rng.normal(size=(6, 4)), rng.normal(size=(5, 4))

    def f(point: np.ndarray) -> np.ndarray:
        out = relu(x.astype(np.float32) @ point.astype(np.float32))
        return out.astype(np.float64) if hidden else out

    right = x.T @ (dout * (x @ w > 0))
    assert directional_check(f, w, right, dout, rng).verdict is not INCONSISTENT
    wrong = right.copy()
    wrong[2] = -wrong[2]
    assert directional_check(f, w, wrong, dout, rng).verdict is not CONSISTENT


def test_random_functions_are_inconclusive() -> None:
    """A function that draws random numbers has no derivative to compare with."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    noise = np.random.default_rng(1)
    evidence = directional_check(lambda point: point + noise.normal(), x, x, np.ones_like(x), rng)
    assert evidence.verdict is GradientVerdict.INCONCLUSIVE


@pytest.mark.parametrize("output", [None, [1.0], np.full((3, 4), np.nan), np.ones(3), np.ones((3, 4)) + 0j])
def test_a_broken_function_is_inconclusive(output: object) -> None:
    """A function without a finite output of the right shape says nothing about its gradient."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    evidence = directional_check(lambda _: output, x, x, np.ones_like(x), rng)
    assert evidence.verdict is GradientVerdict.INCONCLUSIVE
    assert evidence.reason


def test_an_empty_input_is_degenerate() -> None:
    """An input without entries has nothing to check."""
    x = np.zeros((0, 3))
    evidence = directional_check(lambda point: point, x, x, x, np.random.default_rng(0))
    assert evidence.verdict is GradientVerdict.DEGENERATE


def test_the_function_may_change_its_input() -> None:
    """Each call gets its own copy, so a function that works in place is judged like any other."""

    def in_place(point: np.ndarray) -> np.ndarray:
        point **= 2
        return point

    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    dout = rng.normal(size=x.shape)
    before = x.copy()
    assert directional_check(in_place, x, 2 * x * dout, dout, rng).verdict is CONSISTENT
    np.testing.assert_array_equal(x, before)


def test_the_same_state_gives_the_same_evidence() -> None:
    """Equal generators lead to equal evidence, so a regrade repeats exactly."""
    x, dout, gradient = problem(SMOOTH["tanh"], np.random.default_rng(0))
    one, other = (
        directional_check(SMOOTH["tanh"].f, x, gradient, dout, np.random.default_rng(9)) for _ in range(2)
    )
    assert one == other


def test_evaluations_come_in_few_batches() -> None:
    """A right gradient of a smooth function takes two batches, as a sandbox would want."""
    batches: list[int] = []

    def f_many(points: list[np.ndarray]) -> list[np.ndarray]:
        batches.append(len(points))
        return [np.tanh(point) for point in points]

    x, dout, gradient = problem(SMOOTH["tanh"], np.random.default_rng(0))
    evidence = directional_check_many(f_many, x, gradient, dout, np.random.default_rng(1))
    assert evidence.verdict is CONSISTENT
    assert len(batches) == 2
    assert sum(batches) == evidence.evaluations == 16


def test_a_loss_needs_no_dout() -> None:
    """Without dout the outputs are weighted by one."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    assert directional_check(lambda point: np.sum(point**3), x, 3 * x**2, None, rng).verdict is CONSISTENT


@pytest.mark.parametrize("name", ["x", "dout"])
def test_a_bad_input_is_the_authors_fault(name: str) -> None:
    """An input or dout that is not finite raises."""
    values = {"x": np.ones(3), "dout": np.ones(3), name: np.full(3, np.nan)}
    with pytest.raises(ValueError, match=name):
        directional_check(
            lambda point: point, values["x"], np.ones(3), values["dout"], np.random.default_rng(0)
        )


@pytest.mark.parametrize("mean", [0.0, 10.0, 1000.0])
@pytest.mark.parametrize("deviation", [1e-2, 1.0, 100.0])
def test_input_scales_do_not_matter(mean: float, deviation: float) -> None:
    """Steps fit inputs of any mean and spread."""
    rng = np.random.default_rng(4)
    known = SMOOTH["normalise"]
    x = mean + deviation * rng.normal(size=known.shape)
    dout = rng.normal(size=known.shape)
    gradient = known.gradient(dout, x)
    assert directional_check(known.f, x, gradient, dout, rng).verdict is CONSISTENT
    assert directional_check(known.f, x, 1.01 * gradient, dout, rng).verdict is INCONSISTENT
