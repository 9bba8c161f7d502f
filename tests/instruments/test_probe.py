"""Five outputs give a derivative, its noise, and what kinks may have done to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, strategies as st

from grader.instruments.arrays import FLOAT32_DIGITS, FLOAT64_DIGITS
from grader.instruments.probe import OFFSETS, Slope, slopes


def read(f: Callable[[float], np.ndarray], step: float = 1e-3, precision: float = FLOAT64_DIGITS) -> Slope:
    """Read the slope at 0 of a function of one number, all outputs weighted by one."""
    around = [[np.atleast_1d(f(offset * step)) for offset in OFFSETS]]
    centre = np.atleast_1d(f(0.0))
    (found,) = slopes(centre, around, np.ones(centre.shape), step, precision)
    return found


@given(st.lists(st.floats(-10, 10), min_size=5, max_size=5))
def test_quartic_polynomials_are_exact(coefficients: list[float]) -> None:
    """The derivative of a polynomial up to degree four is right but for rounding."""
    slope = read(lambda t: np.polyval(coefficients, t), step=0.1)
    assert slope.value == pytest.approx(coefficients[-2], abs=1e-11)


def test_smooth_functions_have_no_slack() -> None:
    """A smooth function's curvature gives next to no slack, and its derivative is right to within the noise."""
    slope = read(lambda t: np.sin(np.linspace(0.0, 6.0, 50) + t))
    assert slope.slack < 1e-4
    assert abs(slope.value - np.sum(np.cos(np.linspace(0.0, 6.0, 50)))) < 10 * slope.noise + slope.discrepancy


@given(st.floats(-1.99, 1.99), st.floats(0.1, 10.0))
def test_slack_covers_any_single_kink(place: float, jump: float) -> None:
    """Wherever a kink lies between the outer points, the derivative is wrong by less than the slack."""
    step, straight = 1e-3, np.ones(9)
    slope = read(lambda t: np.append(t * straight, jump * np.maximum(t - place * step, 0.0)), step)
    truth = 9.0 + (jump if place < 0 else 0.0)
    assert abs(slope.value - truth) <= slope.slack * (1.0 + 1e-9) + 1e-9


def test_a_kink_at_the_point_allows_every_convention() -> None:
    """At a tie between four the slack covers sending the gradient to one, to all, or to each its share."""
    weights, straight = np.array([0.5, 0.9, 1.2, 1.5]), np.ones(9)
    slope = read(lambda t: np.append(t * straight, np.max(weights * t)))
    for convention in (weights[0], weights[3], weights.mean(), weights.sum()):
        assert abs(slope.value - 9.0 - convention) <= slope.slack


def test_a_kink_in_the_only_output_counts_as_noise() -> None:
    """With nothing to compare it with, a kink is taken for noise that covers it."""
    slope = read(np.abs)
    assert 10 * slope.noise >= 1.0


def test_kinks_beyond_the_outer_points_do_not_matter() -> None:
    """A kink that no evaluation reaches gives no slack."""
    assert read(lambda t: np.maximum(t - 2.5e-3, 0.0) + t).slack == 0.0


def test_noise_is_measured() -> None:
    """Noise in the outputs is found to within a factor of two."""
    rng = np.random.default_rng(0)
    slope = read(lambda t: t + 1e-8 * rng.normal(size=2000))
    right = 1e-8 * np.sqrt(2000) / 1e-3
    assert right / 2 < slope.noise < right * 2


def test_shared_noise_is_measured() -> None:
    """Noise that all outputs share is not averaged away."""
    rng = np.random.default_rng(1)
    centre = np.ones(2000) + 1e-8 * rng.normal()
    around = [[np.ones(2000) + 1e-8 * rng.normal() for _ in OFFSETS] for _ in range(3)]
    found = slopes(centre, around, np.ones(2000), 1e-3, FLOAT64_DIGITS)
    assert all(each.noise > 0.2 * 1e-8 * 2000 / 1e-3 for each in found)


def test_noise_is_never_below_the_precision() -> None:
    """Outputs that happen to agree do not make noise smaller than their precision."""
    slope = read(lambda _: np.full(4, 3.0), precision=FLOAT32_DIGITS)
    assert slope.noise >= FLOAT32_DIGITS * 3.0 / 1e-3


def test_outputs_left_alone_add_no_noise_of_their_own() -> None:
    """An output that does not move is not taken as proof that there is no noise."""
    rng = np.random.default_rng(2)
    slope = read(lambda t: np.concatenate([np.zeros(1000), t + 1e-6 * rng.normal(size=50)]))
    assert slope.noise > 1e-7 / 1e-3


def test_kinks_in_many_outputs_are_not_noise() -> None:
    """Kinks in a third of the outputs do not pass for noise."""
    signs = np.where(np.arange(60) % 3 == 0, 1.0, 0.0)
    slope = read(lambda t: t + signs * np.abs(t))
    assert slope.noise < 1e-9
    assert slope.slack > 0.0
