"""Share a part's points among its checks and add them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from grader.checking.run import CheckRecord
from grader.course.assignment import Part
from grader.results import CheckResult, Scope

DIGITS = 6
"""Points are rounded here, far below what anyone prints, so that thirds add up to whole numbers again."""

DIGITS_OF_A_SHARE = 2 * DIGITS
"""Where a check's share of its part's points is rounded, so that the shares of a part add up to it."""

EMPTY: Mapping[str, str] = MappingProxyType({})


def score_checks(
    parts: Iterable[Part], records: Sequence[CheckRecord], explanations: Mapping[str, str] = EMPTY
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

    Returns
    -------
    results, score, max_score
        In the order of `records`; the sums run over the results.
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
    score = round(sum(each.points for each in results), DIGITS)
    return results, score, round(sum(each.max_points for each in results), DIGITS)


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
    )
