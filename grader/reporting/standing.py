"""Add up what a submission reached in each part, and what a class reached."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.course.assignment import Assignment
from grader.results import CheckResult, Outcome, Scope, SubmissionReport

_ROUNDING = 6
"""Digits kept when thirds of points are added up again."""

BINS = 10
"""Bars of the histogram of scores: one for every ten percent."""


class State(StrEnum):
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
    state: State
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class PartRate:
    """How a class did in one part: how many submissions reached all, some and none of its points."""

    id: str
    title: str
    full: int
    partial: int
    none: int
    not_graded: int

    @property
    def graded(self) -> int:
        """Submissions whose part was graded."""
        return self.full + self.partial + self.none


@dataclass(frozen=True, slots=True)
class ClassStanding:
    """The class in numbers; percentages are of what each submission could reach.

    Attributes
    ----------
    count
        All submissions.
    percents
        One per submission that got a result, in the order of the report. The others are no zeros.
    """

    count: int
    percents: tuple[float, ...]
    parts: tuple[PartRate, ...]

    @property
    def mean(self) -> float | None:
        """Mean percentage, ``None`` when no submission got a result."""
        return statistics.fmean(self.percents) if self.percents else None

    @property
    def median(self) -> float | None:
        """Median percentage, ``None`` when no submission got a result."""
        return statistics.median(self.percents) if self.percents else None

    @property
    def histogram(self) -> tuple[int, ...]:
        """Submissions in each tenth of the scale; the last holds 100 % as well."""
        count = Counter(min(int(min(percent, 100) * BINS / 100), BINS - 1) for percent in self.percents)
        return tuple(count[each] for each in range(BINS))


def is_advice(check: CheckResult) -> bool:
    """Whether `check` looks beyond the homework and costs nothing."""
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


class ClassTally:
    """Sums a class up, one submission after the other, and keeps none of them."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._titles = {part.id: part.title for part in assignment.parts}
        self._states: Counter[tuple[str, State]] = Counter()
        self._percents: list[float] = []
        self._count = 0

    def add(self, submission: SubmissionReport) -> tuple[PartStanding, ...]:
        """Count a submission in, and return what it reached in each part."""
        self._count += 1
        share = percent(submission)
        if share is not None:
            self._percents.append(share)
        standings = part_standings(submission, self._assignment)
        for standing in standings:
            self._titles.setdefault(standing.id, standing.title)
            self._states[standing.id, standing.state] += 1
        return standings

    @property
    def standing(self) -> ClassStanding:
        """The class so far."""
        rates = (
            PartRate(part, title, *(self._states[part, state] for state in State))
            for part, title in self._titles.items()
        )
        parts = tuple(rate for rate in rates if rate.graded or rate.not_graded)
        return ClassStanding(self._count, tuple(self._percents), parts)


def _part_standing(part: str, title: str, checks: Sequence[CheckResult]) -> PartStanding:
    graded = [check for check in checks if not check.outcome.excused]
    points = round(sum(check.points for check in graded), _ROUNDING)
    most = round(sum(check.max_points for check in graded), _ROUNDING)
    return PartStanding(part, title, points, most, _state(points, most, graded), tuple(checks))


def _state(points: float, most: float, graded: Sequence[CheckResult]) -> State:
    if not graded:
        return State.NOT_GRADED
    if points >= most and (most or all(check.outcome is Outcome.PASSED for check in graded)):
        return State.FULL
    return State.PARTIAL if points else State.NONE
