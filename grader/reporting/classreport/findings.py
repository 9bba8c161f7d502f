"""Which mistakes a class made: diagnoses with the students they explain, and failures that nothing explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grader.reporting.standing import is_advice
from grader.results import CheckResult, Outcome, SubmissionReport


@dataclass(frozen=True, slots=True)
class Finding:
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


def diagnosed(submissions: Sequence[SubmissionReport]) -> tuple[Finding, ...]:
    """Return the diagnoses of the class, those of most students first."""
    return _grouped(submissions, lambda check: (check.diagnosis,) if check.diagnosis else None)


def unexplained(submissions: Sequence[SubmissionReport]) -> tuple[Finding, ...]:
    """Return failures without a diagnosis, by part and message: what the next mistakes to write are."""
    return _grouped(
        submissions,
        lambda check: (check.part, check.message) if not check.diagnosis and _puzzles(check) else None,
    )


def _puzzles(check: CheckResult) -> bool:
    """Say whether somebody should ask why; what was not written or waits for another part explains itself."""
    return check.outcome not in {Outcome.NOT_IMPLEMENTED, Outcome.BLOCKED}


def _grouped(submissions: Iterable[SubmissionReport], key: _Key) -> tuple[Finding, ...]:
    found: dict[tuple[str, ...], list[tuple[str, CheckResult]]] = {}
    for submission in submissions:
        for check in submission.checks:
            if _lost(check) and (says := key(check)) is not None:
                found.setdefault(says, []).append((submission.id, check))
    findings = [_finding(says[-1], hits) for says, hits in found.items()]
    return tuple(sorted(findings, key=lambda each: (-len(each.students), -each.lost, each.text)))


def _lost(check: CheckResult) -> bool:
    return not (check.outcome.earns or check.outcome.excused or is_advice(check))


def _finding(text: str, hits: Sequence[tuple[str, CheckResult]]) -> Finding:
    return Finding(
        text=text,
        parts=tuple(dict.fromkeys(check.part for _, check in hits)),
        checks=len(hits),
        students=tuple(dict.fromkeys(id_ for id_, _ in hits)),
        lost=round(sum(check.max_points - check.points for _, check in hits), 6),
    )
