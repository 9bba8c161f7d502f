"""What parts and classes add up to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from grader.course.assignment import Assignment
from grader.reporting.charts import PERCENT, binned
from grader.reporting.standing import PartState, part_standings, percent
from grader.results import ClassReport, Outcome, Scope
from grader.scoring import is_advice

from .samples import advice, check, cnn, full_marks, no_result, submission
from .strategies import class_reports, submissions
from .whole import class_standing


def standing_of(outcomes: list[Outcome], assignment: Assignment) -> tuple[PartState, float, float]:
    """Return how the first part stands after checks with these outcomes, 4 points each."""
    checks = [check("conv_forward_naive", number, each, 4.0) for number, each in enumerate(outcomes)]
    (part,) = part_standings(submission("s", checks), assignment)
    return part.state, part.points, part.max_points


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Outcome.PASSED, Outcome.PASSED], (PartState.FULL, 8, 8)),
        ([Outcome.PASSED, Outcome.INCONCLUSIVE], (PartState.FULL, 8, 8)),
        ([Outcome.PASSED, Outcome.GRADER_ERROR], (PartState.FULL, 4, 4)),
        ([Outcome.PASSED, Outcome.FAILED], (PartState.PARTIAL, 4, 8)),
        ([Outcome.TIMEOUT, Outcome.FAILED], (PartState.NONE, 0, 8)),
        ([Outcome.NOT_GRADED, Outcome.GRADER_ERROR], (PartState.NOT_GRADED, 0, 0)),
    ],
)
def test_a_part_stands_where_its_points_put_it(
    outcomes: list[Outcome], expected: tuple[PartState, float, float], assignment: Assignment
) -> None:
    """Excused checks leave the sum, undecided ones keep their points, and the state follows from the sum."""
    assert standing_of(outcomes, assignment) == expected


def test_a_part_worth_nothing_is_solved_only_when_its_checks_pass(assignment: Assignment) -> None:
    """Full points of zero are no proof that a part works."""
    checks = [check("conv_forward_naive", 0, Outcome.FAILED, 0.0)]
    assert part_standings(submission("s", checks), assignment)[0].state is PartState.NONE


def test_parts_come_in_the_order_of_the_assignment(assignment: Assignment) -> None:
    """Parts are listed as the assignment lists them, and a part it does not know comes last under its id."""
    checks = [check("gone", 0, Outcome.PASSED, 1.0), *reversed(full_marks(assignment))]
    standings = part_standings(submission("s", checks), assignment)
    assert [each.id for each in standings] == [*(part.id for part in assignment.parts), "gone"]
    assert standings[-1].title == "gone"


def test_advice_is_not_part_of_the_sum(assignment: Assignment) -> None:
    """A check beyond the assignment without points is advice; one with points counts like any other."""
    assert is_advice(advice(0, Outcome.FAILED))
    assert not is_advice(replace(advice(0, Outcome.FAILED), max_points=1.0))
    assert not is_advice(replace(advice(0, Outcome.FAILED), scope=Scope.HOMEWORK))
    assert part_standings(submission("s", [advice(0, Outcome.FAILED)]), assignment) == ()


def test_the_class_is_summed_over_those_with_a_result(assignment: Assignment) -> None:
    """Mean, median and histogram leave out submissions without a result instead of counting them as zeros."""
    full = submission("full", full_marks(assignment))
    half = replace(full, id="half", score=50.0)
    report = ClassReport(1, "cnn", "1", "1", (full, half, no_result("none", "unreadable")))
    standing = class_standing(report, assignment)
    assert (standing.count, standing.mean, standing.median) == (3, 75.0, 75.0)
    assert binned(standing.percents, PERCENT, 10) == [0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert {(part.full, part.graded) for part in standing.parts} == {(2, 2)}


def test_an_empty_class_has_no_mean(assignment: Assignment) -> None:
    """A class in which nobody got a result has no mean and no median."""
    standing = class_standing(ClassReport(1, "cnn", "1", "1", (no_result("a", "x"),)), assignment)
    assert (standing.mean, standing.median, standing.percents, standing.parts) == (None, None, (), ())


@settings(max_examples=50)
@given(submissions)
def test_every_counting_check_is_in_exactly_one_part(each: object) -> None:
    """Adding up loses no check and counts none twice."""
    standings = part_standings(each, cnn())  # type: ignore[arg-type]
    counted = [check for part in standings for check in part.checks]
    assert sorted(map(id, counted)) == sorted(
        id(check)
        for check in each.checks  # type: ignore[attr-defined]
        if not is_advice(check)
    )


@settings(max_examples=50)
@given(class_reports)
def test_the_histogram_holds_everybody_once(report: ClassReport) -> None:
    """Each submission with a percentage is in one bar, also beyond 100 %."""
    standing = class_standing(report, cnn())
    assert sum(binned(standing.percents, PERCENT, 10)) == sum(
        percent(each) is not None for each in report.submissions
    )
