"""A numeric derivative is told from a derived one by how its cost grows, and nobody who is slow is accused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.instruments.effort import SIGNIFICANT, Effort, found_by_trying

SIZES = (8, 32, 128, 512)


def reference(size: int) -> float:
    """Return the seconds of a reference on plain NumPy loops: calls first, then the work in them."""
    return 6e-4 + 5e-6 * size


def costs(seconds):
    """Return a run whose student needs `seconds` of a size, and the sizes that were asked for."""
    asked: list[int] = []

    def run(size: int) -> Effort:
        asked.append(size)
        return Effort(seconds(size), reference(size), entries=32 * size)

    return run, asked


@given(st.floats(0.1, 100.0), st.floats(0.5, 1.6))
def test_plain_loops_are_never_accused(slowness: float, noise: float) -> None:
    """A cost that grows with the work is derived, up to a hundred times the reference's and on a noisy machine."""
    readings = iter([noise, 1.0] * 10)
    run, _ = costs(lambda size: slowness * reference(size) * next(readings))
    assert not found_by_trying(run, SIZES)


@given(st.floats(6e-5, 3e-3), st.floats(0.0, 1e-8))
def test_trying_every_entry_is_found(call: float, per_entry: float) -> None:
    """A cost of one forward pass for each entry is found, whether that pass costs its call or its work."""
    run, _ = costs(lambda size: 64 * size * (call + per_entry * 64 * size))
    assert found_by_trying(run, SIZES)


def test_the_quick_are_asked_once() -> None:
    """Whoever needs less than trying could take is acquitted by the first size."""
    run, asked = costs(reference)
    assert not found_by_trying(run, SIZES)
    assert asked == [8]


def test_one_spoilt_reading_accuses_nobody() -> None:
    """An absurd cost that does not come again does not count."""
    readings = {8: iter([2e-3]), 32: iter([3.0, 8e-3]), 128: iter([3.2e-2]), 512: iter([0.13])}
    run, asked = costs(lambda size: next(readings[size]))
    assert not found_by_trying(run, SIZES)
    assert asked == [8, 32, 32, 128, 512]


def test_an_unconfirmed_suspicion_is_looked_into_further() -> None:
    """A cost on the edge of being significant is judged by the next size."""
    readings = {8: iter([0.1]), 32: iter([SIGNIFICANT * 1.1, SIGNIFICANT * 0.9]), 128: iter([3.0, 3.0])}
    run, _ = costs(lambda size: next(readings[size]))
    assert found_by_trying(run, SIZES)


def test_what_a_run_raises_passes_through() -> None:
    """A run that breaks is the caller's to judge."""

    def run(_size: int) -> Effort:
        raise LookupError

    with pytest.raises(LookupError):
        found_by_trying(run, SIZES)
