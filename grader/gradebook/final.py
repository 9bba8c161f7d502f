"""From what the checks earned to what a student gets, and what a new grading changes; pure functions of reports.

What people decided is counted in and lateness is taken off. Whatever decides a final score beside the kept results
stands here and in `grader.course.policy`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from grader.course.assignment import Assignment
from grader.course.policy import Policy, days_charged, penalty, seconds_late
from grader.results import (
    WHOLE,
    Adjustment,
    CheckResult,
    Comment,
    Decision,
    DecisionKind,
    SubmissionReport,
)
from grader.scoring import DIGITS, DIGITS_OF_A_SHARE, PartTotal, part_totals, sums

_LEAST = 0.5 * 10**-DIGITS
"""Points below this are rounding."""


def final_report(
    report: SubmissionReport,
    decisions: Sequence[Decision],
    days: int,
    assignment: Assignment,
    *,
    left: int = 0,
) -> SubmissionReport:
    """Return `report` with what people decided, and the penalty for `days` that are charged.

    Extensions come first, then the `left` late days of the term, and what remains costs points. A part never ends below
    zero or above its points, so that a point given back by hand is not given twice when a mended check gives it as
    well. A part that was not graded, or waited, counts once a person has graded it.
    """
    meant = [each for each in decisions if _is_about(each, report)]
    comments = tuple(
        Comment(each.part, each.why, each.who, each.when, each.place)
        for each in meant
        if each.kind is DecisionKind.COMMENT
    )
    more = [each for each in meant if each.kind is DecisionKind.EXTEND]
    days = max(days - int(sum(each.points for each in more)), 0)
    extensions = tuple(map(_extension, more))
    meant = [each for each in meant if each.kind not in {DecisionKind.COMMENT, DecisionKind.EXTEND}]
    if report.error:
        shown = (Adjustment(each.part, each.points, each.why, each.who, each.when) for each in meant)
        return replace(report, adjustments=(*extensions, *shown), comments=comments)
    report = with_todays_points(report, assignment)
    settled = {each.part for each in meant}
    waiting = tuple(each for each in report.waiting if each.part not in settled)
    still = {each.part for each in waiting}
    meant = [*(each for each in _given_back(report, assignment) if each.part not in still), *meant]
    meant = _without_slips(meant)
    adjusted = _as_they_count(meant, report, assignment)
    points, most = report.score, report.max_score
    if adjusted or waiting != report.waiting:
        points, most = sums(part_totals(report.checks, adjusted, waiting))
    whole = [each for each in meant if each.part == WHOLE]
    changes = _changes(whole, _Account(points, math.inf, most))
    adjusted += tuple(map(_adjustment, whole, changes))
    score = points + sum(change for change, _ in changes)
    spent = min(days, left) if assignment.policy.penalty_per_day else 0
    days -= spent
    lost = penalty(assignment.policy, days, score)
    return replace(
        report,
        score=max(0.0, round(score - lost, DIGITS)),  # rounded rows may add up to a millionth less than none
        max_score=round(most, DIGITS),
        adjustments=(*extensions, *(each for each in adjusted if each.points or each.max_points)),
        late_days=days,
        free_days=spent,
        free_days_left=left - spent,
        penalty=round(lost, DIGITS),
        waiting=waiting,
        comments=comments,
    )


def _is_about(decision: Decision, report: SubmissionReport) -> bool:
    sentence = decision.diagnosis
    return not sentence or any(sentence in check.diagnosis for check in report.checks)


@dataclass(frozen=True, slots=True)
class RepeatedMistake:
    """One diagnosis that explains lost points in several parts.

    Attributes
    ----------
    dearest
        The part in which it costs most.
    others
        What it costs in each other part.
    """

    diagnosis: str
    dearest: str
    others: Mapping[str, float]


def repeated_mistakes(checks: Iterable[CheckResult]) -> tuple[RepeatedMistake, ...]:
    """Return the diagnoses that cost points in more than one part, in the order in which they come up."""
    costs: dict[str, dict[str, float]] = {}
    for check in checks:
        lost = check.max_points - check.points
        if check.diagnosis and lost > 0 and not check.outcome.excused:
            parts = costs.setdefault(check.diagnosis, {})
            parts[check.part] = parts.get(check.part, 0.0) + lost
    found = []
    for diagnosis, parts in costs.items():
        dearest = max(parts, key=lambda part: parts[part])
        if len(parts) > 1:
            others = {part: lost for part, lost in parts.items() if part != dearest}
            found.append(RepeatedMistake(diagnosis, dearest, others))
    return tuple(found)


def _given_back(report: SubmissionReport, assignment: Assignment) -> Iterator[Decision]:
    """Give, as the policy's own decisions, what a mistake costs beyond its dearest part."""
    share = assignment.policy.same_mistake / 100
    titles = {part.id: part.title for part in assignment.parts}
    for each in repeated_mistakes(report.checks) if share else ():
        why = f"the same mistake costs points in {titles.get(each.dearest, each.dearest)}: {each.diagnosis}"
        for part, lost in each.others.items():
            yield Decision(part, DecisionKind.ADD, share * lost, why, "policy")


def _without_slips(decisions: Sequence[Decision]) -> list[Decision]:
    """Leave out points that the next decision about their part takes back: a typing error is nobody's to read."""
    kept: list[Decision] = []
    for each in decisions:
        last = next((one for one in reversed(kept) if one.part == each.part), None)
        both_add = last is not None and {last.kind, each.kind} == {DecisionKind.ADD} and not each.item
        if last is not None and both_add and last.points == -each.points:
            kept.remove(last)
        else:
            kept.append(each)
    return kept


def _as_they_count(
    decisions: Sequence[Decision], report: SubmissionReport, assignment: Assignment
) -> tuple[Adjustment, ...]:
    """Return what comes of each decision about a part, after those before it."""
    parts = dict.fromkeys(each.part for each in decisions if each.part != WHOLE)
    worth = {part.id: part.points for part in assignment.parts}
    totals = part_totals(report.checks) if parts else {}
    found: list[Adjustment] = []
    for part in parts:
        about = [each for each in decisions if each.part == part]
        total = totals.get(part, PartTotal())
        most = total.max_points or worth.get(part, 0.0)
        changes = _changes(about, _Account(total.points, most, most), total.max_points)
        found += map(_adjustment, about, changes)
    return tuple(found)


def _adjustment(decision: Decision, change: tuple[float, float]) -> Adjustment:
    points, most = (round(each, DIGITS) for each in change)
    each = decision
    return Adjustment(each.part, points, each.why, each.who, each.when, most, each.kind)


def _extension(decision: Decision) -> Adjustment:
    each, days = decision, int(decision.points)
    why = f"{days} {'day' if days == 1 else 'days'} more: {each.why}"
    return Adjustment(each.part, 0.0, why, each.who, each.when, kind=each.kind)


@dataclass(slots=True)
class _Account:
    """The points of a part, or of the whole, while decisions about them are counted in.

    Attributes
    ----------
    points
        What was asked for so far, which may lie outside of what counts: a point too many that is taken back later
        costs nothing.
    limit
        More than this never counts.
    most
        What can be reached.
    """

    points: float
    limit: float
    most: float
    void: bool = False

    def take(self, decision: Decision) -> tuple[float, float]:
        """Count a decision in; return the points that count now, and those that can be reached."""
        self.void = decision.kind is DecisionKind.VOID
        if decision.beyond:
            self.limit = math.inf
        match decision.kind:
            case DecisionKind.ADD:
                self.points += decision.points
            case DecisionKind.SET:
                self.points = decision.points
            case DecisionKind.GIVE:
                self.points = self.most
            case DecisionKind.CAP:
                self.limit = min(self.limit, decision.points)
        if self.void:
            return 0.0, 0.0
        return max(min(self.points, self.limit), 0.0), self.most


def _changes(
    decisions: Sequence[Decision], account: _Account, most_before: float | None = None
) -> list[tuple[float, float]]:
    """Return by how much each decision changes the points, and those that can be reached."""
    before = account.points, account.most if most_before is None else most_before
    found = []
    for each in decisions:
        now = account.take(each)
        found.append((now[0] - before[0], now[1] - before[1]))
        before = now
    return found


def with_todays_points(report: SubmissionReport, assignment: Assignment) -> SubmissionReport:
    """Return `report` with each part worth what the assignment says today: points are policy, and verdicts keep.

    The checks of a part share its points by their weights, so a part that is worth half as much has every share
    halved. A part that left the total, because none of its checks could be judged, stays out of it.
    """
    today = {part.id: part.points for part in assignment.parts}
    changed = {
        part: today[part] / most
        for part, total in part_totals(report.checks).items()
        if (most := total.max_points)
        and part in today
        and not math.isclose(today[part], most, abs_tol=10**-DIGITS)
    }
    waiting = tuple(replace(each, points=today.get(each.part, each.points)) for each in report.waiting)
    if not changed:
        return report if waiting == report.waiting else replace(report, waiting=waiting)
    checks = tuple(
        replace(
            each,
            points=round(each.points * changed.get(each.part, 1.0), DIGITS_OF_A_SHARE),
            max_points=round(each.max_points * changed.get(each.part, 1.0), DIGITS_OF_A_SHARE),
        )
        for each in report.checks
    )
    score, most = sums(part_totals(checks, waiting=waiting))
    return replace(report, checks=checks, score=score, max_score=most, waiting=waiting)


def late_days(policy: Policy, submitted_at: datetime | None, late_seconds: float | None) -> int:
    """Return the days that an arrival is charged with."""
    return days_charged(policy, seconds_late(policy, submitted_at, late_seconds), submitted_at)


def worth(report: SubmissionReport) -> float:
    """Return what an attempt is worth where the best one counts: without a result, less than no points."""
    return -1.0 if report.error else report.score


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

    @property
    def matters(self) -> bool:
        """Whether anything but rounding changes."""
        return self.before != self.after or abs(self.change) > _LEAST


def move_between(old: SubmissionReport, new: SubmissionReport) -> Move:
    """Compare the published report of a student with the one that would replace it."""
    return Move(
        id=new.id,
        before=_written(old),
        after=_written(new),
        change=(0.0 if new.error else new.score) - (0.0 if old.error else old.score),
        checks=_reasons(old, new),
        note=new.error or old.error or _cause(old, new),
    )


def _cause(old: SubmissionReport, new: SubmissionReport) -> str:
    """Say why a score moves without a check that came out otherwise."""
    before, after = (
        {(each.part, each.who, each.when): each for each in one.adjustments} for one in (old, new)
    )
    who = dict.fromkeys(name for part, name, when in after if (part, name, when) not in before)
    causes = [
        *(["another attempt counts"] if old.attempt != new.attempt else []),
        *([f"decided by {', '.join(who)}"] if who else []),
        *(["lateness"] if old.penalty != new.penalty else []),
        *(["a decision was taken back"] if before.keys() - after.keys() and not who else []),
    ]
    return "; ".join(causes) or "its points are others now"


def _reasons(old: SubmissionReport, new: SubmissionReport) -> tuple[Reason, ...]:
    before, after = ({check.id: check for check in each.checks} for each in (old, new))
    found = []
    for id in dict.fromkeys((*before, *after)):
        outcome_before, points_before, most_before = _facts(before.get(id))
        outcome_after, points_after, most_after = _facts(after.get(id))
        change = points_after - points_before
        if round(change, DIGITS) or (outcome_before != outcome_after and (most_before or most_after)):
            found.append(Reason(id, outcome_before, outcome_after, change))
    return tuple(sorted(found, key=lambda each: -abs(each.points)))


def _facts(check: CheckResult | None) -> tuple[str, float, float]:
    return ("not there", 0.0, 0.0) if check is None else (check.outcome.value, check.points, check.max_points)


def _written(report: SubmissionReport) -> str:
    return "no result" if report.error else f"{report.score:g} / {report.max_score:g}"
