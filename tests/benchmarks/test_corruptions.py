"""Corruptions change what they say they change, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from benchmarks.certification.trials import CORRUPTIONS, LARGEST_CHANGE
from tests.instruments.strategies import generators, normal_arrays


@pytest.mark.parametrize("name", CORRUPTIONS)
@given(normal_arrays(), generators)
def test_shape_and_dtype_stay(name: str, gradient: np.ndarray, rng: np.random.Generator) -> None:
    """A spoiled gradient keeps its shape and dtype, in either precision."""
    for dtype in (np.float32, np.float64):
        spoiled = CORRUPTIONS[name](rng, gradient.shape)(gradient.astype(dtype))
        assert spoiled.shape == gradient.shape
        assert spoiled.dtype == dtype


@pytest.mark.parametrize("name", ["one entry scaled", "one entry off"])
@given(normal_arrays(), generators)
def test_single_entry_errors_touch_one_entry(
    name: str, gradient: np.ndarray, rng: np.random.Generator
) -> None:
    """At most one entry changes, by at most its own or the usual size."""
    spoiled = CORRUPTIONS[name](rng, gradient.shape)(gradient.copy())
    assert np.count_nonzero(spoiled != gradient) <= 1
    limit = LARGEST_CHANGE * max(np.max(np.abs(gradient)), np.sqrt(np.mean(gradient**2)))
    assert np.max(np.abs(spoiled - gradient)) <= limit * (1 + 1e-9)


@given(normal_arrays(), generators)
def test_swapping_keeps_the_values(gradient: np.ndarray, rng: np.random.Generator) -> None:
    """Swapped entries are the same entries."""
    spoiled = CORRUPTIONS["two entries swapped"](rng, gradient.shape)(gradient.copy())
    assert sorted(spoiled.flat) == sorted(gradient.flat)


@given(normal_arrays(), generators)
def test_a_corruption_repeats(gradient: np.ndarray, rng: np.random.Generator) -> None:
    """What was drawn once does the same to every copy."""
    for draw in CORRUPTIONS.values():
        spoil = draw(rng, gradient.shape)
        np.testing.assert_array_equal(spoil(gradient.copy()), spoil(gradient.copy()))
