"""Difficulty and discrimination of parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporting.classreport.items import FEWEST, correlation, part_items
from grader.results import CheckResult, Outcome, Scope, SubmissionReport

numbers = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))


def submission(name: str, **shares: float) -> SubmissionReport:
    """Return a submission that reached these shares of parts with ten points each."""
    checks = tuple(
        CheckResult(
            f"{part}:1",
            part,
            Scope.HOMEWORK,
            Outcome.PASSED if share else Outcome.FAILED,
            10 * share,
            10.0,
            "",
        )
        for part, share in shares.items()
    )
    return SubmissionReport(
        name, "", sum(10 * each for each in shares.values()), 10.0 * len(shares), "A", 1.0, (), checks
    )


@given(st.lists(st.tuples(numbers, numbers), min_size=FEWEST))
def test_a_correlation_is_between_one_and_minus_one_and_symmetric(pairs) -> None:
    """Where there is one, swapping the sides changes nothing."""
    xs, ys = zip(*pairs, strict=True)
    found = correlation(xs, ys)
    assert found is None or -1.000001 <= found <= 1.000001
    assert found == pytest.approx(correlation(ys, xs), abs=1e-9)


def test_a_part_that_agrees_with_the_rest_tells_and_one_that_disagrees_is_negative(assignment) -> None:
    """The rest of a part is all others without it, so that a part does not agree with itself."""
    first, second, third = (part.id for part in assignment.parts[:3])
    able = [{first: 1, second: 1, third: 0}] * 5
    unable = [{first: 0, second: 0, third: 1}] * 5
    items = part_items(
        [submission(f"s{n}", **shares) for n, shares in enumerate([*able, *unable])], assignment
    )
    tells = {each.id: each.discrimination for each in items}
    assert tells[third] == pytest.approx(-1)
    assert tells[first] is None  # second and third cancel out: the rest is the same for all


def test_what_nobody_or_everybody_solves_tells_nothing(assignment) -> None:
    """A constant part has no correlation, and its mean says how hard it was."""
    first, second = (part.id for part in assignment.parts[:2])
    items = part_items([submission(f"s{n}", **{first: 1, second: n % 2}) for n in range(6)], assignment)
    assert (items[0].share, items[0].discrimination) == (1.0, None)
    assert items[1].share == pytest.approx(0.5)


def test_too_few_submissions_have_no_correlation(assignment) -> None:
    """Below the fewest a number would only look like one."""
    first, second = (part.id for part in assignment.parts[:2])
    few = [submission(f"s{n}", **{first: n % 2, second: n % 2}) for n in range(FEWEST - 1)]
    assert all(each.discrimination is None for each in part_items(few, assignment))


def test_parts_that_were_not_graded_are_left_out(report, assignment) -> None:
    """A part that no machine could grade is no item, and everything else is counted as the standings do."""
    items = part_items(report.submissions, assignment)
    assert all(each.graded == each.full + each.partial + each.none for each in items)
    assert [each.id for each in items] == [
        p.id for p in assignment.parts if p.id in {each.id for each in items}
    ]
