"""Share a part's points among its checks, and add up what each part and the whole come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.results import WHOLE, Adjustment, CheckResult, DecisionKind, Scope, WaitingPart

if TYPE_CHECKING:  # to add up what is kept, nothing that runs submissions is needed
    from grader.checking.run import CheckRecord
    from grader.course.assignment import Part

DIGITS = 6
"""Points are rounded here, far below what anyone prints, so that thirds add up to whole numbers again."""

DIGITS_OF_A_SHARE = 2 * DIGITS
"""Where a check's share of its part's points is rounded, so that the shares of a part add up to it."""

_NOTHING = (0.0, 0.0, 0)

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PartTotal:
    """What one part of a submission comes to.

    Attributes
    ----------
    graded
        Whether anything judged it, a check or a person; what nothing judged is left out of the total.
    waits
        Whether a person has yet to judge it.
    """

    points: float = 0.0
    max_points: float = 0.0
    graded: bool = False
    waits: bool = False


def part_totals(
    checks: Iterable[CheckResult],
    adjustments: Iterable[Adjustment] = (),
    waiting: Iterable[WaitingPart] = (),
) -> dict[str, PartTotal]:
    """Add up each part, in the order in which they come up.

    Whatever shows points of a part shows these, and the score is their sum with what is about the whole and less what
    lateness costs, so that pages, columns and totals agree.
    """
    found = {
        part: PartTotal(points, most, bool(count)) for part, (points, most, count) in _earned(checks).items()
    }
    for each in adjustments:
        if each.part != WHOLE:
            total = _plus(found.get(each.part, PartTotal()), each.points, each.max_points)
            found[each.part] = replace(total, graded=each.kind is not DecisionKind.VOID)
    for part in waiting:
        found[part.part] = PartTotal(0.0, part.points, graded=False, waits=True)
    return found


def _earned(checks: Iterable[CheckResult]) -> dict[str, tuple[float, float, int]]:
    """Return of each part its points, the most, and how many checks judged it; a class has tens of thousands."""
    found: dict[str, tuple[float, float, int]] = {}
    for check in checks:
        if not is_advice(check):
            points, most, count = found.get(check.part, _NOTHING)
            if not check.outcome.excused:
                points, most, count = points + check.points, most + check.max_points, count + 1
            found[check.part] = points, most, count
    return found


def _plus(before: PartTotal, points: float, max_points: float) -> PartTotal:
    return PartTotal(before.points + points, before.max_points + max_points, graded=True)


def is_advice(check: CheckResult) -> bool:
    """Whether `check` looks beyond the assignment and costs nothing."""
    return not check.max_points and check.scope is Scope.BEYOND


def sums(totals: Mapping[str, PartTotal]) -> tuple[float, float]:
    """Return the points that all parts come to, and those that can be reached."""
    points = sum(each.points for each in totals.values())
    return round(points, DIGITS), round(sum(each.max_points for each in totals.values()), DIGITS)


def score_checks(
    parts: Iterable[Part],
    records: Sequence[CheckRecord],
    explanations: Mapping[str, str] = EMPTY,
    waiting: Sequence[WaitingPart] = (),
) -> tuple[tuple[CheckResult, ...], float, float]:
    """Turn records into results with points.

    A part's points are shared by its checks that count in proportion to their weights. A check that is excused
    gives its share to the part's others; a part with only excused checks leaves the total.

    Parameters
    ----------
    parts, records
        The assignment's parts and what became of its checks.
    explanations
        Check id to what diagnosis found.
    waiting
        Parts that a person has yet to judge.

    Returns
    -------
    results, score, max_score
        In the order of `records`; the sums run over the results and the parts that wait.
    """
    weights: dict[str, float] = defaultdict(float)
    for record in records:
        if record.mark.scope is Scope.HOMEWORK and not record.verdict.outcome.excused:
            weights[record.mark.part] += record.mark.weight
    known = {part.id: part for part in parts}
    results = tuple(
        _result(record, known[record.mark.part], weights[record.mark.part], explanations)
        for record in records
    )
    return results, *sums(part_totals(results, waiting=waiting))


def _result(
    record: CheckRecord, part: Part, part_weight: float, explanations: Mapping[str, str]
) -> CheckResult:
    outcome, evidence = record.verdict.outcome, record.verdict.evidence
    counts = record.mark.scope is Scope.HOMEWORK and not outcome.excused
    share = part.points * record.mark.weight / part_weight if counts else 0.0
    earned = float(outcome.earns) if record.verdict.earned is None else record.verdict.earned
    return CheckResult(
        id=record.id,
        part=record.mark.part,
        scope=record.mark.scope,
        outcome=outcome,
        points=round(share * earned, DIGITS_OF_A_SHARE),
        max_points=round(share, DIGITS_OF_A_SHARE),
        title=record.title,
        message=record.verdict.message,
        diagnosis=" ".join(filter(None, (record.verdict.carried, explanations.get(record.id, "")))),
        staff_note=record.verdict.staff_note,
        seconds=round(record.seconds, DIGITS),
        error_map=evidence.error_map() if evidence else None,
        judged=part.judged,
        inputs=record.inputs if evidence else "",
        worst=evidence.worst() if evidence else (),
    )
