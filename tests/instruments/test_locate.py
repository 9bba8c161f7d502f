"""Halving finds a wrong entry and says whether it is alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from grader.instruments.locate import Location, locate
from tests.instruments.strategies import generators, normal_arrays, places

NOISE = 1e-9


def search(error: np.ndarray, right: np.ndarray, rng: np.random.Generator) -> Location | None:
    """Locate an entry of `error` that was added to the gradient `right`."""
    direction = rng.choice([-1.0, 1.0], size=right.shape) * rng.uniform(0.5, 1.5, size=right.shape)
    return locate(lambda way: (float(np.sum(error * way)), NOISE), direction, right + error)


@given(normal_arrays(), st.data(), generators)
def test_a_single_wrong_entry_is_found(
    right: np.ndarray, data: st.DataObject, rng: np.random.Generator
) -> None:
    """One wrong entry is found exactly, with its ratio, and is said to be alone."""
    place = data.draw(places(right.shape))
    right[place] = 2.0
    error = np.zeros(right.shape)
    error[place] = 4.0
    found = search(error, right, rng)
    assert found is not None
    assert found.index == place
    assert found.alone
    assert found.ratio is not None
    assert abs(found.ratio - 3.0) < 1e-6


@given(normal_arrays(min_dims=2, min_side=2), generators)
def test_one_of_many_wrong_entries_is_found(right: np.ndarray, rng: np.random.Generator) -> None:
    """Where everything is wrong, some wrong entry is found and is not alone."""
    found = search(right.copy(), right, rng)
    assert found is not None
    assert not found.alone


def test_no_ratio_where_the_right_value_is_zero() -> None:
    """An entry that should be zero has no ratio."""
    error = np.array([0.0, 0.0, 1.0])
    found = search(error, np.zeros(3), np.random.default_rng(0))
    assert found == Location((2,), None, alone=True)


def test_nothing_is_found_in_noise() -> None:
    """An error that no single entry shows is not placed."""
    assert search(np.full(4, NOISE / 10), np.ones(4), np.random.default_rng(0)) is None
