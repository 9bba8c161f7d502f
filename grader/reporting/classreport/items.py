"""How hard each part was and how well it tells those who can from those who cannot."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from grader.course.assignment import Assignment
from grader.reporting.standing import PartStanding, State, part_standings
from grader.results import SubmissionReport

FEWEST = 10
"""Submissions below which a correlation says nothing."""

LITTLE = 0.1
"""Item-rest correlation below which a part hardly tells students apart; 0.3 is usually called good."""


@dataclass(frozen=True, slots=True)
class PartItem:
    """One part as an item of a test.

    Attributes
    ----------
    graded
        Submissions whose part was graded.
    full, partial, none
        How many of them reached all, some and none of its points.
    share
        Mean share of the points that were reached: 1 is easy.
    discrimination
        Correlation of the part's share with the share of all other points (item-rest); None for too few
        submissions, or where all reached the same.
    seconds
        Mean time of grading the part.
    """

    id: str
    title: str
    points: float
    graded: int
    full: int
    partial: int
    none: int
    share: float | None
    discrimination: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class _Reached:
    """One submission's part: its share, the share of all the rest (None where nothing else was graded)."""

    standing: PartStanding
    share: float
    rest: float | None


def part_items(submissions: Sequence[SubmissionReport], assignment: Assignment) -> tuple[PartItem, ...]:
    """Return every part that was graded for anybody, in the order of the assignment."""
    reached: defaultdict[str, list[_Reached]] = defaultdict(list)
    for submission in submissions:
        for each in _reached(part_standings(submission, assignment)):
            reached[each.standing.id].append(each)
    order = {part.id: place for place, part in enumerate(assignment.parts)}
    known = sorted(reached, key=lambda part: order.get(part, len(order)))
    points = {part.id: part.points for part in assignment.parts}
    return tuple(_item(reached[part], points.get(part, 0.0)) for part in known)


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None for fewer than `FEWEST` pairs or where one side is constant."""
    if len(xs) < FEWEST:
        return None
    try:
        return statistics.correlation(xs, ys)
    except statistics.StatisticsError:
        return None


def _reached(standings: Sequence[PartStanding]) -> list[_Reached]:
    graded = [each for each in standings if each.state is not State.NOT_GRADED and each.max_points > 0]
    points = sum(each.points for each in graded)
    most = sum(each.max_points for each in graded)
    return [
        _Reached(
            each,
            each.points / each.max_points,
            (points - each.points) / (most - each.max_points) if most > each.max_points else None,
        )
        for each in graded
    ]


def _item(reached: Sequence[_Reached], points: float) -> PartItem:
    states = [each.standing.state for each in reached]
    pairs = [(each.share, each.rest) for each in reached if each.rest is not None]
    first = reached[0].standing
    return PartItem(
        id=first.id,
        title=first.title,
        points=points or first.max_points,
        graded=len(reached),
        full=states.count(State.FULL),
        partial=states.count(State.PARTIAL),
        none=states.count(State.NONE),
        share=statistics.fmean(each.share for each in reached),
        discrimination=correlation([share for share, _ in pairs], [rest for _, rest in pairs]),
        seconds=statistics.fmean(sum(check.seconds for check in each.standing.checks) for each in reached),
    )
