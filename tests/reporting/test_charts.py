"""Plots count every value and stay within their frame."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st

from grader.reporting.charts import (
    PERCENT,
    Axis,
    binned,
    compared,
    histogram,
    matrix_heads,
    nice_axis,
    scatter,
)

values = st.lists(st.floats(-10, 1e6) | st.floats(allow_nan=False))


@given(values, st.integers(1, 30))
def test_every_value_is_counted_once(numbers, bins: int) -> None:
    """What lies beyond an end of the axis counts at that end."""
    assert sum(binned(numbers, Axis(0, 100, "%"), bins)) == len(numbers)


@given(st.lists(st.floats(0, 1e7), min_size=1))
def test_a_nice_axis_holds_all_values(numbers) -> None:
    """The axis begins at zero and ends at or beyond the largest."""
    axis = nice_axis(numbers, "s")
    assert axis.low == 0
    assert axis.high >= max(numbers)


@given(values)
def test_shapes_stay_in_the_frame(numbers) -> None:
    """No bar, dot or line leaves the plot, whatever the numbers are."""
    axis = Axis(0, 100, "%")
    plots = (
        histogram(numbers, axis, 20, "numbers"),
        compared(*(binned(each, axis, 20) for each in (numbers, numbers[::2])), axis, "numbers"),
        scatter([(each, each) for each in numbers], axis, axis, "numbers"),
    )
    for plot in plots:
        width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', plot).groups())
        for name, limit in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            for value in re.findall(rf' {name}="([^"]*)"', plot):
                assert -1 <= float(value) <= limit + 1


def test_a_histogram_reads_its_counts_out() -> None:
    """Who does not see the bars hears every count with its bounds; a whole tenth belongs to the bar it begins."""
    drawn = histogram([5.0, 70.0, 79.0, 100.0, 104.0], PERCENT, 10, "Submissions by score")
    label = re.search(r'aria-label="([^"]*)"', drawn)[1]
    assert label == "Submissions by score: 0 to under 10 %: 1; 70 to under 80 %: 2; 90 to 100 %: 2"


def test_words_in_a_drawing_stay_words() -> None:
    """A name that holds markup is escaped in what is read out and in the heads of the matrix."""
    assert "<b>" not in histogram([1.0], PERCENT, 10, "<b>")
    assert "<b>" not in matrix_heads(["<b>"], [50.0], 18)
