"""Where the error of an array sits, reduced to coarse levels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp

from grader.checking.failures import MAX_COLUMNS, MAX_ROWS, Evidence, locate_errors
from grader.instruments.compare import compare
from grader.instruments.tolerances import FLOAT32, FLOAT64
from grader.results import LEVELS, ErrorMap, WorstEntry

TOLERANCE = 1e-6


@settings(deadline=None)
@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=0, max_dims=5, max_side=40).filter(lambda shape: np.prod(shape) < 5000),
        elements=st.sampled_from([0.0, 1e-9, 1e-5, 1e-3, 0.05, 0.5, 3.0, np.inf, np.nan]),
    )
)
def test_any_array_gets_a_map_of_its_worst_plane(relative: np.ndarray) -> None:
    """Whatever the rank, the map names the worst entry, and its cell has the map's highest level."""
    found = locate_errors(relative, TOLERANCE)
    wrong = int(np.count_nonzero(~(relative <= TOLERANCE)))
    if found is None:
        assert wrong == 0
        return
    assert found.shape == relative.shape
    assert found.wrong == wrong
    worst = np.where(np.isnan(relative), np.inf, relative)
    assert worst[found.worst] == worst.max()
    row, column = (0, 0, *found.worst)[-2:]
    cell = found.levels[row // found.block[0]][column // found.block[1]]
    assert cell == max(map(max, found.levels)) > 0
    assert len(found.levels) <= MAX_ROWS
    assert len(found.levels[0]) <= MAX_COLUMNS


def test_levels_part_small_errors_from_large_ones() -> None:
    """Each level covers its own range, and what is not a number is at the highest."""
    errors = np.array([0.0, 1e-7, 1e-5, 1e-3, 0.05, 0.5, 1.5, np.inf, np.nan])
    found = locate_errors(errors, TOLERANCE, ("M",))
    assert found is not None
    assert found.levels == ((0, 0, 1, 2, 3, 4, 5, 5, 5),)
    assert found.axes == ("M",)


def test_a_large_plane_keeps_a_single_wrong_entry() -> None:
    """Merging cells takes the worst of each block, so one wrong entry in a million is still seen."""
    relative = np.zeros((2, 1000, 1000))
    relative[1, 517, 33] = 1.0
    found = locate_errors(relative, TOLERANCE)
    assert found is not None
    assert found.block == (42, 32)
    assert [
        (row, column) for row, cells in enumerate(found.levels) for column, level in enumerate(cells) if level
    ] == [(517 // 42, 33 // 32)]


@pytest.mark.parametrize("shape", [(0,), (3, 0), (2, 3)])
def test_nothing_wrong_gives_no_map(shape: tuple[int, ...]) -> None:
    """An empty array, and one within tolerance, have nothing to show."""
    assert locate_errors(np.zeros(shape), TOLERANCE) is None


GOOD = {
    "shape": (3, 4),
    "axes": ("H", "W"),
    "worst": (0, 0),
    "block": (1, 1),
    "levels": ((0,) * 4,) * 3,
    "wrong": 1,
}


@pytest.mark.parametrize(
    "change",
    [
        {"axes": ("H",)},
        {"worst": (0, 4)},
        {"worst": (-1, 0)},
        {"block": (0, 1)},
        {"levels": ((0,) * 4,) * 2},
        {"levels": ((0,) * 4, (0,) * 4, (0,) * 3)},
        {"levels": ((LEVELS + 1,) * 4,) * 3},
        {"shape": (3, 400), "levels": ((0,) * 400,) * 3},
        {"levels": ()},
    ],
)
def test_an_error_map_must_fit_together(change: dict[str, object]) -> None:
    """A map whose fields contradict each other cannot be made: reports are files, and files get edited."""
    ErrorMap(**GOOD)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"error map|worst entry|cell|levels"):
        ErrorMap(**{**GOOD, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, FLOAT32), (np.float64, FLOAT64)])
def test_a_figure_shows_what_the_message_says(dtype: type[np.floating], tolerance: object) -> None:
    """The map counts as wrong what was judged wrong: rounding of the answer's own precision is right in both."""
    expected = np.random.default_rng(0).normal(size=(8, 8))
    rounding = (0.5 if dtype is np.float32 else 0.05) * 1e-5 * np.sqrt(np.mean(expected**2))
    actual = (expected + rounding).astype(dtype)
    actual[3, 4] += 1.0
    comparison = compare(actual, expected)
    assert comparison.tolerance == tolerance
    assert "one entry is wrong and all others are right" in comparison.reason
    found = Evidence(actual, expected, comparison).error_map()
    assert found is not None
    assert (found.wrong, found.worst) == (1, (3, 4))


def test_no_figure_without_a_comparison() -> None:
    """Nothing is drawn where shapes differ."""
    assert Evidence(np.zeros(2), np.ones(3), compare(np.zeros(2), np.ones(3))).error_map() is None


def test_staff_are_shown_the_entries_that_are_furthest_off() -> None:
    """The worst come first, what is no number before all; nothing of arrays that cannot be compared by entries."""
    expected = np.arange(1.0, 7.0).reshape(2, 3)
    actual = expected.copy()
    actual[0, 1], actual[1, 2] = 2.5, np.nan
    found = Evidence(actual, expected, compare(actual, expected)).worst()
    assert found == (WorstEntry("1, 2", "6", "nan", "+nan"), WorstEntry("0, 1", "2", "2.5", "+0.5"))
    (alone,) = Evidence(True, np.array(0.5), compare(3, np.array(0.5))).worst()
    assert alone.index == "the number"
    assert Evidence(np.zeros(2), np.ones(3), compare(np.zeros(2), np.ones(3))).worst() == ()
