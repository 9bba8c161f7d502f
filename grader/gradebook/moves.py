"""What a new grading changes for a student, and which checks are the reason: a comparison of two reports."""

from __future__ import annotations

from dataclasses import dataclass

from grader.results import SubmissionReport

NO_CHECK = "not there"


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
    before = {check.id: check for check in old.checks}
    after = {check.id: check for check in new.checks}
    found = []
    for id in dict.fromkeys((*before, *after)):
        was, is_now = before.get(id), after.get(id)
        points = (is_now.points if is_now else 0.0) - (was.points if was else 0.0)
        outcomes = (was.outcome.value if was else NO_CHECK, is_now.outcome.value if is_now else NO_CHECK)
        if round(points, 6) or (outcomes[0] != outcomes[1] and _counts(was, is_now)):
            found.append(Reason(id, *outcomes, points))
    return tuple(sorted(found, key=lambda each: -abs(each.points)))


def _counts(*checks: object) -> bool:
    return any(getattr(check, "max_points", 0.0) for check in checks)


def _written(report: SubmissionReport) -> str:
    return "no result" if report.error else f"{report.score:g} / {report.max_score:g}"
