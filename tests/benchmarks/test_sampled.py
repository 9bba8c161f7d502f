"""The common checks work on the coordinates they sample, and on no others."""

from __future__ import annotations

import numpy as np

from benchmarks.certification.instruments import cs231n_check, one_coordinate_check
from tests.instruments.functions import SMOOTH, problem


def test_right_gradients_pass() -> None:
    """Both checks pass the right gradient of a smooth function."""
    rng = np.random.default_rng(0)
    x, dout, gradient = problem(SMOOTH["tanh"], rng)
    assert not cs231n_check(SMOOTH["tanh"].f, x, gradient, dout, rng)
    assert not one_coordinate_check(SMOOTH["tanh"].f, x, gradient, dout, rng)


def test_errors_everywhere_are_flagged() -> None:
    """Both checks flag a gradient that is wrong in every entry."""
    rng = np.random.default_rng(0)
    x, dout, gradient = problem(SMOOTH["tanh"], rng)
    assert cs231n_check(SMOOTH["tanh"].f, x, 2 * gradient, dout, rng)
    assert one_coordinate_check(SMOOTH["tanh"].f, x, 2 * gradient, dout, rng)


def test_a_single_wrong_entry_is_mostly_overlooked() -> None:
    """Among 1,200 entries both checks overlook one wrong entry almost always."""
    rng = np.random.default_rng(0)
    x, w, dout = rng.normal(size=(8, 40)), rng.normal(size=(40, 30)), rng.normal(size=(8, 30))
    wrong = x.T @ dout
    wrong[12, 7] *= 1.5
    flagged = sum(cs231n_check(lambda point: x @ point, w, wrong, dout, rng) for _ in range(50))
    assert flagged < 10


def test_zero_against_zero_is_no_error() -> None:
    """Where both derivatives are zero nothing is flagged."""
    rng = np.random.default_rng(0)
    assert not cs231n_check(lambda point: 0 * point, np.ones(3), np.zeros(3), np.ones(3), rng)
