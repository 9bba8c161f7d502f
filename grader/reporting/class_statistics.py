"""Sum a class up: its scores, its parts as items of a test, shared mistakes, and every check of every student."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from grader.course.assignment import Assignment
from grader.reporting.outcomes import FACES
from grader.reporting.standing import PartStanding, PartState, part_standings, percent
from grader.results import CheckResult, Outcome, SubmissionReport
from grader.scoring import is_advice

FEWEST = 10
"""Submissions below which a correlation says nothing."""

LITTLE = 0.1
"""Item-rest correlation below which a part hardly tells students apart; 0.3 is usually called good."""

MISSING = "-"
LETTERS = MappingProxyType({outcome: "abcdefghijklmnop"[place] for place, outcome in enumerate(Outcome)})
"""One letter per outcome: a row of a thousand cells travels to the page as a thousand letters."""


@dataclass(frozen=True, slots=True)
class PartStatistics:
    """One part over the class, as an item of a test.

    Attributes
    ----------
    full, partial, none
        How many submissions reached all, some and none of its points.
    share
        Mean share of the points that were reached: 1 is easy. None where there were no points to reach.
    discrimination
        Correlation of the part's share with the share of all other points (item-rest); None for too few
        submissions, or where all reached the same.
    seconds
        Mean time of grading the part.
    """

    id: str
    title: str
    points: float
    full: int
    partial: int
    none: int
    not_graded: int
    share: float | None
    discrimination: float | None
    seconds: float

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
    parts
        Those that were graded for anybody, or could not be, in the order of the assignment.
    """

    count: int
    percents: tuple[float, ...]
    parts: tuple[PartStatistics, ...]

    @property
    def mean(self) -> float | None:
        """Mean percentage, ``None`` when no submission got a result."""
        return statistics.fmean(self.percents) if self.percents else None

    @property
    def median(self) -> float | None:
        """Median percentage, ``None`` when no submission got a result."""
        return statistics.median(self.percents) if self.percents else None

    @property
    def deviation(self) -> float | None:
        """Standard deviation of the percentages, ``None`` when no submission got a result."""
        return statistics.pstdev(self.percents) if self.percents else None


@dataclass
class _PartTally:
    """One part so far; of each submission with points to reach, its share and the share of all the rest."""

    title: str
    points: float
    states: Counter[PartState] = field(default_factory=Counter)
    shares: list[tuple[float, float | None]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, part: PartStanding, points: float, most: float) -> None:
        """Count one submission's part in, whose graded parts come to `points` of `most` together."""
        self.points = self.points or part.max_points
        self.states[part.state] += 1
        if part.judged and part.max_points > 0:
            others = most - part.max_points
            rest = (points - part.points) / others if others > 0 else None
            self.shares.append((part.points / part.max_points, rest))
            self.seconds.append(sum(check.seconds for check in part.checks))

    def statistics(self, id: str) -> PartStatistics:
        told = [(share, rest) for share, rest in self.shares if rest is not None]
        return PartStatistics(
            id=id,
            title=self.title,
            points=self.points,
            full=self.states[PartState.FULL],
            partial=self.states[PartState.PARTIAL],
            none=self.states[PartState.NONE],
            not_graded=self.states[PartState.NOT_GRADED] + self.states[PartState.WAITING],
            share=statistics.fmean(share for share, _ in self.shares) if self.shares else None,
            discrimination=correlation([share for share, _ in told], [rest for _, rest in told]),
            seconds=statistics.fmean(self.seconds) if self.seconds else 0.0,
        )


class ClassTally:
    """Sums a class up, one submission after the other, and keeps none of them."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._parts = {part.id: _PartTally(part.title, part.points) for part in assignment.parts}
        self._percents: list[float] = []
        self._count = 0

    def add(self, submission: SubmissionReport) -> tuple[PartStanding, ...]:
        """Count a submission in, and return what it reached in each part."""
        self._count += 1
        share = percent(submission)
        if share is not None:
            self._percents.append(share)
        standings = part_standings(submission, self._assignment)
        graded = [each for each in standings if each.judged]
        points, most = sum(each.points for each in graded), sum(each.max_points for each in graded)
        for each in standings:
            self._parts.setdefault(each.id, _PartTally(each.title, 0.0)).add(each, points, most)
        return standings

    @property
    def standing(self) -> ClassStanding:
        """The class so far."""
        parts = tuple(part.statistics(id) for id, part in self._parts.items() if part.states)
        return ClassStanding(self._count, tuple(self._percents), parts)


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None for fewer than `FEWEST` pairs or where one side is constant."""
    if len(xs) < FEWEST:
        return None
    try:
        return statistics.correlation(xs, ys)
    except statistics.StatisticsError:
        return None


@dataclass(frozen=True, slots=True)
class SharedMistake:
    """Something that went wrong for one or more students in the same words.

    Attributes
    ----------
    text
        The diagnosis, or what the check said where there is none.
    parts
        The parts it cost points in, in the order of first sight.
    checks
        How many checks it failed, over all students.
    students
        Their submissions' ids, in the order of the report.
    lost
        The points it came with, over all students.
    """

    text: str
    parts: tuple[str, ...]
    checks: int
    students: tuple[str, ...]
    lost: float


_Key = Callable[[CheckResult], tuple[str, ...] | None]
"""What makes two failures the same; its last word is shown. None leaves the check out."""


def diagnosed(submissions: Sequence[SubmissionReport]) -> tuple[SharedMistake, ...]:
    """Return the diagnoses of the class, those of most students first."""
    return _shared(submissions, lambda check: (check.diagnosis,) if check.diagnosis else None)


def unexplained(submissions: Sequence[SubmissionReport]) -> tuple[SharedMistake, ...]:
    """Return failures without a diagnosis, by part and message: what the next mistakes to write are.

    What was not written, or waits for another part, explains itself.
    """
    plain = {Outcome.NOT_IMPLEMENTED, Outcome.BLOCKED}
    return _shared(
        submissions,
        lambda check: None if check.diagnosis or check.outcome in plain else (check.part, check.message),
    )


def _shared(submissions: Iterable[SubmissionReport], key: _Key) -> tuple[SharedMistake, ...]:
    found: dict[tuple[str, ...], list[tuple[str, CheckResult]]] = {}
    for submission in submissions:
        for check in submission.checks:
            if _lost(check) and (says := key(check)) is not None:
                found.setdefault(says, []).append((submission.id, check))
    mistakes = [_mistake(says[-1], hits) for says, hits in found.items()]
    return tuple(sorted(mistakes, key=lambda each: (-len(each.students), -each.lost, each.text)))


def _lost(check: CheckResult) -> bool:
    return not (check.outcome.earns or check.outcome.excused or is_advice(check))


def _mistake(text: str, hits: Sequence[tuple[str, CheckResult]]) -> SharedMistake:
    return SharedMistake(
        text=text,
        parts=tuple(dict.fromkeys(check.part for _, check in hits)),
        checks=len(hits),
        students=tuple(dict.fromkeys(id_ for id_, _ in hits)),
        lost=round(sum(check.max_points - check.points for _, check in hits), 6),
    )


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One check over the class.

    Attributes
    ----------
    check
        As it came out for the first student who has it; of its outcome nothing is shown.
    outcomes
        One for each student, None where the check was not tried.
    """

    part: str
    check: CheckResult
    outcomes: tuple[Outcome | None, ...]

    @property
    def advice(self) -> bool:
        """Whether the check costs nothing."""
        return is_advice(self.check)

    @property
    def cells(self) -> str:
        """A letter of `LETTERS` for each student, `MISSING` where the check was not tried."""
        return "".join(MISSING if each is None else LETTERS[each] for each in self.outcomes)

    @property
    def tones(self) -> list[str]:
        """The colour of each cell, empty where the check was not tried."""
        return ["" if each is None else FACES[each].tone for each in self.outcomes]

    @property
    def passed(self) -> float | None:
        """Percentage of those it was tried on who passed; None where nobody was."""
        judged = [each for each in self.outcomes if each is not None and not each.excused]
        return 100 * judged.count(Outcome.PASSED) / len(judged) if judged else None


@dataclass(frozen=True, slots=True)
class CheckMatrix:
    """Rows in the order of the assignment's parts; `names` are the columns' ids, best score first."""

    names: tuple[str, ...]
    percents: tuple[float, ...]
    rows: tuple[MatrixRow, ...]

    @property
    def letter_words(self) -> dict[str, str]:
        """What a letter of `cells` is called."""
        return {letter: FACES[outcome].word for outcome, letter in LETTERS.items()} | {MISSING: "Not tried"}

    @property
    def groups(self) -> Mapping[str, list[MatrixRow]]:
        """The rows by the titles of their parts."""
        found: dict[str, list[MatrixRow]] = {}
        for row in self.rows:
            found.setdefault(row.part, []).append(row)
        return found


def check_matrix(submissions: Sequence[SubmissionReport], assignment: Assignment) -> CheckMatrix:
    """Lay out every check of every submission that has a result."""
    ranked = sorted(
        (each for each in submissions if not each.error), key=lambda each: (-(percent(each) or 0.0), each.id)
    )
    results = [{check.id: check for check in each.checks} for each in ranked]
    first: dict[str, CheckResult] = {}
    for checks in results:
        for id_, check in checks.items():
            first.setdefault(id_, check)
    titles = {part.id: part.title for part in assignment.parts}
    order = {part: place for place, part in enumerate(titles)}
    listed = sorted(first.values(), key=lambda check: (order.get(check.part, len(order)), is_advice(check)))
    rows = [
        MatrixRow(
            titles.get(check.part, check.part),
            check,
            tuple(each[check.id].outcome if check.id in each else None for each in results),
        )
        for check in listed
    ]
    return CheckMatrix(
        tuple(each.id for each in ranked), tuple(percent(each) or 0.0 for each in ranked), tuple(rows)
    )
