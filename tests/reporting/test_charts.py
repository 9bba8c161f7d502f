"""Plots count every value and stay within their frame."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.reporting.charts import Axis, binned, compared, histogram, nice_axis, scatter

values = st.lists(st.floats(-10, 1e6))


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
        compared(numbers, numbers[::2], axis, 20, "numbers"),
        scatter([(each, each) for each in numbers], axis, axis, "numbers"),
    )
    for plot in plots:
        width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', plot).groups())
        for name, limit in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            for value in re.findall(rf' {name}="([^"]*)"', plot):
                assert -1 <= float(value) <= limit + 1
