"""How each part of a submission stands, by what its checks and people's decisions add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.course.assignment import Assignment
from grader.results import CheckResult, Outcome, SubmissionReport
from grader.scoring import DIGITS, PartTotal, is_advice, part_totals


class PartState(StrEnum):
    """What a part's points say about it."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    NOT_GRADED = "not_graded"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One part of one submission; `checks` are those that count, advice left out.

    Attributes
    ----------
    waits_for
        Why a person has yet to judge it, where that is so and there is more to say.
    """

    id: str
    title: str
    points: float
    max_points: float
    state: PartState
    checks: tuple[CheckResult, ...]
    waits_for: str = ""

    @property
    def judged(self) -> bool:
        """Whether its points say something about the answer."""
        return self.state not in {PartState.NOT_GRADED, PartState.WAITING}


def percent(submission: SubmissionReport) -> float | None:
    """Return the score as a percentage; ``None`` when there is no result or nothing could be scored."""
    if submission.error or submission.max_score <= 0:
        return None
    return 100 * submission.score / submission.max_score


def part_standings(submission: SubmissionReport, assignment: Assignment) -> tuple[PartStanding, ...]:
    """Return each part that was judged or waits, in the order of the assignment, then those it does not list."""
    totals = part_totals(submission.checks, submission.adjustments, submission.waiting)
    checks: dict[str, list[CheckResult]] = {}
    for check in submission.checks:
        if not is_advice(check):
            checks.setdefault(check.part, []).append(check)
    titles = {part.id: part.title for part in assignment.parts}
    why = {each.part: each.why for each in submission.waiting}
    order = [part for part in titles if part in totals] + [part for part in totals if part not in titles]
    return tuple(
        _standing(part, titles.get(part, part), totals[part], tuple(checks.get(part, ())), why.get(part, ""))
        for part in order
    )


def _standing(
    part: str, title: str, total: PartTotal, checks: tuple[CheckResult, ...], why: str
) -> PartStanding:
    points, most = round(total.points, DIGITS), round(total.max_points, DIGITS)
    return PartStanding(part, title, points, most, _state(total, points, most, checks), checks, why)


def _state(total: PartTotal, points: float, most: float, checks: Sequence[CheckResult]) -> PartState:
    if total.waits:
        return PartState.WAITING
    if not total.graded:
        return PartState.NOT_GRADED
    if points >= most and (most or _passed(checks)):
        return PartState.FULL
    return PartState.PARTIAL if points else PartState.NONE


def _passed(checks: Sequence[CheckResult]) -> bool:
    """Whether there is a check that could judge, and all of those passed."""
    judged = [check for check in checks if not check.outcome.excused]
    return bool(judged) and all(check.outcome is Outcome.PASSED for check in judged)
