"""From what the checks earned to what a student gets, and what a new grading changes; pure functions of reports.

Points given by people are added and lateness is taken off. Whatever decides a final score beside the kept results
stands here and in `grader.course.policy`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from grader.course.assignment import Assignment
from grader.course.policy import Policy, days_charged, penalty, seconds_late
from grader.results import WHOLE, Adjustment, CheckResult, SubmissionReport
from grader.scoring import DIGITS_OF_A_SHARE

_ROUNDING = 6
"""Digits kept when thirds of points are added up again."""


def final_report(
    report: SubmissionReport, adjustments: Sequence[Adjustment], days: int, assignment: Assignment
) -> SubmissionReport:
    """Return `report` with its adjustments and the penalty for `days` that are charged.

    A part never ends below zero or above its points, so that a point given back by hand is not given twice when a
    mended check gives it as well. A part that was not graded counts once a person has graded it.
    """
    if report.error:
        return replace(report, adjustments=tuple(adjustments))
    report = with_todays_points(report, assignment)
    score, most = report.score, report.max_score
    graded = _part_points(report.checks)
    for part in dict.fromkeys(each.part for each in adjustments if each.part != WHOLE):
        change = sum(each.points for each in adjustments if each.part == part)
        points, most_points = graded.get(part, (0.0, 0.0))
        if not most_points:
            most_points = sum(each.points for each in assignment.parts if each.id == part)
            most += most_points
        score += min(max(points + change, 0.0), most_points) - points
    score = max(score + sum(each.points for each in adjustments if each.part == WHOLE), 0.0)
    lost = penalty(assignment.policy, days, score)
    return replace(
        report,
        score=round(score - lost, _ROUNDING),
        max_score=round(most, _ROUNDING),
        adjustments=tuple(adjustments),
        late_days=days,
        penalty=round(lost, _ROUNDING),
    )


def with_todays_points(report: SubmissionReport, assignment: Assignment) -> SubmissionReport:
    """Return `report` with each part worth what the assignment says today: points are policy, and verdicts keep.

    The checks of a part share its points by their weights, so a part that is worth half as much has every share
    halved. A part that left the total, because none of its checks could be judged, stays out of it.
    """
    today = {part.id: part.points for part in assignment.parts}
    changed = {
        part: today[part] / most
        for part, (_, most) in _part_points(report.checks).items()
        if most and part in today and not math.isclose(today[part], most, abs_tol=10**-_ROUNDING)
    }
    if not changed:
        return report
    checks = tuple(
        replace(
            each,
            points=round(each.points * changed.get(each.part, 1.0), DIGITS_OF_A_SHARE),
            max_points=round(each.max_points * changed.get(each.part, 1.0), DIGITS_OF_A_SHARE),
        )
        for each in report.checks
    )
    score = round(sum(each.points for each in checks), _ROUNDING)
    return replace(
        report,
        checks=checks,
        score=score,
        max_score=round(sum(each.max_points for each in checks), _ROUNDING),
    )


def late_days(policy: Policy, submitted_at: datetime | None, late_seconds: float | None) -> int:
    """Return the days that an arrival is charged with."""
    return days_charged(policy, seconds_late(policy, submitted_at, late_seconds))


def worth(report: SubmissionReport) -> float:
    """Return what an attempt is worth where the best one counts: without a result, less than no points."""
    return -1.0 if report.error else report.score


def _part_points(checks: Iterable[CheckResult]) -> dict[str, tuple[float, float]]:
    """Return what was earned in each part, and what could be."""
    sums: dict[str, tuple[float, float]] = {}
    for check in checks:
        points, most = sums.get(check.part, (0.0, 0.0))
        sums[check.part] = points + check.points, most + check.max_points
    return sums


@dataclass(frozen=True, slots=True)
class Reason:
    """A check whose points changed, with its outcomes before and after."""

    check: str
    before: str
    after: str
    points: float


@dataclass(frozen=True, slots=True)
class Move:
    """A student's two scores, as they are written, and the checks that make the difference, the largest first.

    Attributes
    ----------
    note
        What there is to say where no check is the reason.
    """

    id: str
    before: str
    after: str
    change: float
    checks: tuple[Reason, ...]
    note: str

    def matters(self, least: float) -> bool:
        """Say whether anything but rounding changes."""
        return self.before != self.after or abs(self.change) > least


def move_between(old: SubmissionReport, new: SubmissionReport) -> Move:
    """Compare the published report of a student with the one that would replace it."""
    return Move(
        id=new.id,
        before=_written(old),
        after=_written(new),
        change=(0.0 if new.error else new.score) - (0.0 if old.error else old.score),
        checks=_reasons(old, new),
        note=new.error or old.error or "another attempt, lateness or adjustment counts",
    )


def _reasons(old: SubmissionReport, new: SubmissionReport) -> tuple[Reason, ...]:
    before, after = ({check.id: check for check in each.checks} for each in (old, new))
    found = []
    for id in dict.fromkeys((*before, *after)):
        outcome_before, points_before, most_before = _facts(before.get(id))
        outcome_after, points_after, most_after = _facts(after.get(id))
        change = points_after - points_before
        if round(change, 6) or (outcome_before != outcome_after and (most_before or most_after)):
            found.append(Reason(id, outcome_before, outcome_after, change))
    return tuple(sorted(found, key=lambda each: -abs(each.points)))


def _facts(check: CheckResult | None) -> tuple[str, float, float]:
    return ("not there", 0.0, 0.0) if check is None else (check.outcome.value, check.points, check.max_points)


def _written(report: SubmissionReport) -> str:
    return "no result" if report.error else f"{report.score:g} / {report.max_score:g}"
