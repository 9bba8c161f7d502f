"""Add up what a submission reached in each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.course.assignment import Assignment
from grader.results import CheckResult, Outcome, Scope, SubmissionReport

_ROUNDING = 6
"""Digits kept when thirds of points are added up again."""


class PartState(StrEnum):
    """What a part's points say about it."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    NOT_GRADED = "not_graded"


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One part of one submission; `checks` are those that count, advice left out."""

    id: str
    title: str
    points: float
    max_points: float
    state: PartState
    checks: tuple[CheckResult, ...]


def is_advice(check: CheckResult) -> bool:
    """Whether `check` looks beyond the assignment and costs nothing."""
    return check.scope is Scope.BEYOND and not check.max_points


def percent(submission: SubmissionReport) -> float | None:
    """Return the score as a percentage; ``None`` when there is no result or nothing could be scored."""
    if submission.error or submission.max_score <= 0:
        return None
    return 100 * submission.score / submission.max_score


def part_standings(submission: SubmissionReport, assignment: Assignment) -> tuple[PartStanding, ...]:
    """Add up each part that was checked, in the order of the assignment, then those it does not list."""
    counting: dict[str, list[CheckResult]] = {}
    for check in submission.checks:
        if not is_advice(check):
            counting.setdefault(check.part, []).append(check)
    titles = {part.id: part.title for part in assignment.parts}
    order = [part for part in titles if part in counting] + [part for part in counting if part not in titles]
    return tuple(_part_standing(part, titles.get(part, part), counting[part]) for part in order)


def _part_standing(part: str, title: str, checks: Sequence[CheckResult]) -> PartStanding:
    graded = [check for check in checks if not check.outcome.excused]
    points = round(sum(check.points for check in graded), _ROUNDING)
    most = round(sum(check.max_points for check in graded), _ROUNDING)
    return PartStanding(part, title, points, most, _state(points, most, graded), tuple(checks))


def _state(points: float, most: float, graded: Sequence[CheckResult]) -> PartState:
    if not graded:
        return PartState.NOT_GRADED
    if points >= most and (most or all(check.outcome is Outcome.PASSED for check in graded)):
        return PartState.FULL
    return PartState.PARTIAL if points else PartState.NONE
