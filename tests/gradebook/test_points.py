"""Points are policy: kept verdicts are worth what the assignment says today, and nothing is graded for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from grader.course.assignment import Assignment
from grader.gradebook.final import final_report
from grader.results import Decision, DecisionKind, Outcome

from .reports import check, report

A = "a" * 64


def with_points(assignment: Assignment, part: str, points: float) -> Assignment:
    """Return the assignment with other points for one part."""
    parts = tuple(
        each.model_copy(update={"points": points}) if each.id == part else each for each in assignment.parts
    )
    return assignment.model_copy(update={"parts": parts})


def test_a_part_that_is_worth_more_gives_more_for_the_same_verdict(cnn: Assignment) -> None:
    """Every share of the part grows with it, and the total; other parts are as they were."""
    kept = report(A)
    today = final_report(kept, (), 0, with_points(cnn, "conv_forward_naive", 24.0))
    assert (today.score, today.max_score) == (32.0, 32.0)
    assert [(each.id, each.points) for each in today.checks if each.part != "conv_forward_naive"] == [
        (each.id, each.points) for each in kept.checks if each.part != "conv_forward_naive"
    ]


def test_unchanged_points_change_nothing(cnn: Assignment) -> None:
    """Not even a rounding."""
    kept = report(A, forward=4.0)
    assert final_report(kept, (), 0, cnn).checks == kept.checks


@given(points=st.floats(0.5, 100.0), earned=st.floats(0.0, 12.0))
def test_a_share_of_a_part_stays_the_same_share(cnn: Assignment, points: float, earned: float) -> None:
    """Half of the part is half of it at any worth."""
    today = final_report(report(A, forward=earned), (), 0, with_points(cnn, "conv_forward_naive", points))
    assert today.score - 8.0 == pytest.approx(points * earned / 12.0, abs=1e-5)
    assert today.max_score == pytest.approx(8.0 + points, abs=1e-5)


def test_a_part_that_nothing_could_judge_stays_out_of_the_total(cnn: Assignment) -> None:
    """Without a judged check there is nothing to share; a person who grades it gives today's points at most."""
    assignment = with_points(cnn, "conv_backward_naive.db", 6.0)
    unjudged = check("conv_backward_naive.db", 0.0, 0.0, outcome=Outcome.NOT_GRADED)
    kept = replace(report(A), checks=(*report(A).checks, unjudged))
    assert final_report(kept, (), 0, assignment).max_score == 20.0
    by_hand = (Decision("conv_backward_naive.db", DecisionKind.ADD, 9.0, "seen"),)
    found = final_report(kept, by_hand, 0, assignment)
    assert (found.score, found.max_score) == (26.0, 26.0)
