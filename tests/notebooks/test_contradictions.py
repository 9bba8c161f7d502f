"""Stored outputs: numbers that the present code contradicts are found, and nothing else is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from grader.notebooks.contradictions import Contradiction, contradictions
from tests.notebooks.build import stdout


def test_a_number_that_moves_by_itself_contradicts_nothing():
    """What differs between two runs with other random numbers may have been anything; what stays is told."""
    stored, present = "loss: 2.5\nmean: 0.1\ncount: 3", "loss: 2.3\nmean: 0.7\ncount: 4"
    again = [stdout("loss: 2.3\nmean: 0.4\ncount: 4")]
    found = contradictions(stored, [stdout(present)], again)
    assert [each.present for each in found] == ["loss: 2.3", "count: 4"]
    assert not contradictions(stored, [stdout(present)], [])


def told(stored: str, present: str) -> tuple[Contradiction, ...]:
    """Compare two printed texts."""
    return contradictions(stored, [stdout(present)])


def test_both_values_are_told():
    """A line with the same words and another number comes with the stored and the present line."""
    found = told("Testing\ndx error:  1.2e-08\nloss: 2.3", "Testing\ndx error:  0.98\nloss: 2.3001")
    assert found == (Contradiction("dx error:  1.2e-08", "dx error:  0.98"),)


@pytest.mark.parametrize(
    ("stored", "present"),
    [
        ("error: 1e-9", "error: 7e-8"),
        ("loss: 2.302", "loss: 2.303"),
        ("Naive: 3.1s", "Naive: 0.2s"),
        ("took 3.0", "took 9.0"),
        ("<Model at 0x7f12>", "<Model at 0x9f33>"),
        ("my own words 1", "loss: 2"),
        ("means: [1.0 2.0]", "means: [ 1.0  2.0]"),
        ("error: nan", "error: nan"),
        ("", "loss: 3"),
        ("layer2 w1", "layer2 w1"),
    ],
)
def test_rounding_time_and_other_words_are_no_contradiction(stored, present):
    """Rounding errors, small differences, times, addresses and lines of other words are passed over."""
    assert not told(stored, present)


@pytest.mark.parametrize(
    ("stored", "present"), [("a: 1", "a: nan"), ("a: 1", "a: inf"), ("a: 1", "a: -1"), ("a: 0", "a: 1")]
)
def test_numbers_that_are_none_and_signs_count(stored, present):
    """NaN, infinity, a sign and a zero are differences."""
    assert told(stored, present)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5), st.floats(1.1, 9))
def test_a_number_contradicts_itself_only_when_changed(values, factor):
    """The same line never contradicts itself; a scaled number does, unless it is negligible."""
    line = " ".join(f"v{at}: {value!r}" for at, value in enumerate(values))
    changed = " ".join(f"v{at}: {value * factor!r}" for at, value in enumerate(values))
    assert not told(line, line)
    matters = any(abs(value * factor) > 2e-5 and math.isfinite(value * factor) for value in values)
    assert bool(told(line, changed)) >= matters


def test_digits_without_end_are_read_in_one_pass():
    """A million digits before a letter are no number, and are found to be none at once."""
    line = "loss " + "1" * 1_000_000 + "x 2\n"
    assert not told(line, line)
