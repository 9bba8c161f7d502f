"""From what the checks earned to what a student gets: adjusted by people, then less what lateness costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from grader.course.assignment import Assignment
from grader.course.policy import penalty
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


def _part_points(checks: Iterable[CheckResult]) -> dict[str, tuple[float, float]]:
    """Return what was earned in each part, and what could be."""
    sums: dict[str, tuple[float, float]] = {}
    for check in checks:
        points, most = sums.get(check.part, (0.0, 0.0))
        sums[check.part] = points + check.points, most + check.max_points
    return sums
