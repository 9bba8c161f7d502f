"""Turn a submission's report into what its page shows, in words; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.charts import points_bar
from grader.reporting.findings import (
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    FindingView,
    TriedView,
    findings,
    passed,
)
from grader.reporting.outcomes import FACES, Face
from grader.reporting.standing import PartStanding, State, is_advice, part_standings
from grader.reporting.text import clip, counted, number
from grader.results import WHOLE, SubmissionReport


@dataclass(frozen=True, slots=True)
class PartView:
    """One part: its points, what to read about it, and the checks that only need a name."""

    id: str
    anchor: str
    title: str
    points: str
    max_points: str
    state: State
    tone: str
    word: str
    bar: Markup
    findings: tuple[FindingView, ...]
    passed: tuple[TriedView, ...]

    @property
    def waits(self) -> bool:
        """Whether one plain sentence says all there is: not written yet, blocked, not graded."""
        return not self.passed and len(self.findings) == 1 and self.findings[0].is_plain


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Parts that share the one sentence that says everything about them."""

    face: Face
    message: Markup
    free: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One submission's page.

    Attributes
    ----------
    to_read
        Parts with something to look at.
    waiting
        Parts one sentence says everything about: nothing was written, or nothing could be tried.
    solved
        Parts whose every check passed.
    advice
        Checks beyond the homework that did not pass.
    advice_passed
        Checks beyond the homework that passed.
    changes
        What people and lateness did to the score, a sentence each.
    """

    id: str
    sha256: str
    error: str
    score: str
    max_score: str
    percent: str
    bar: Markup
    summary: str
    parts: tuple[PartView, ...]
    to_read: tuple[PartView, ...]
    waiting: tuple[WaitingView, ...]
    solved: tuple[PartView, ...]
    advice: tuple[FindingView, ...]
    advice_passed: tuple[TriedView, ...]
    changes: tuple[str, ...]


def submission_view(submission: SubmissionReport, assignment: Assignment) -> SubmissionView:
    """Lay out a cleaned submission; see `grader.reporting.cleaning`."""
    parts = tuple(
        _part_view(each, place) for place, each in enumerate(part_standings(submission, assignment), start=1)
    )
    advice = [check for check in submission.checks if is_advice(check)]
    share = 100 * submission.score / submission.max_score if submission.max_score else 0.0
    return SubmissionView(
        id=clip(submission.id, LONGEST_TITLE),
        sha256=submission.sha256,
        error=clip(submission.error, LONGEST_MESSAGE),
        score=number(submission.score),
        max_score=number(submission.max_score),
        percent=f"{share:.0f} %",
        bar=Markup(points_bar(submission.score, submission.max_score, "ink")),  # noqa: S704 - drawn from numbers
        summary=_summary(parts),
        parts=parts,
        to_read=tuple(part for part in parts if part.findings and not part.waits),
        waiting=_waiting(part for part in parts if part.waits),
        solved=tuple(part for part in parts if not part.findings),
        advice=findings(advice),
        advice_passed=passed(advice),
        changes=change_words(submission, {part.id: part.title for part in assignment.parts}),
    )


def change_words(submission: SubmissionReport, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Say what was given and taken by people, and what lateness cost; who did it where that is told."""
    found = []
    for each in submission.adjustments:
        where = "" if each.part == WHOLE else f" in {clip(titles.get(each.part, each.part), LONGEST_TITLE)}"
        by = f" ({clip(each.who, LONGEST_TITLE)}, {clip(each.when, LONGEST_TITLE)})" if each.who else ""
        sign = "+" if each.points > 0 else "-"
        why = clip(each.why, LONGEST_MESSAGE)
        found.append(f"{sign}{number(abs(each.points))} points{where}: {why}{by}")
    if submission.late_days:
        late = counted(submission.late_days, "day")
        found.append(f"{late} late: -{number(submission.penalty)} points")
    return tuple(found)


def _part_view(part: PartStanding, place: int) -> PartView:
    tone, word = _part_words(part)
    return PartView(
        id=part.id,
        anchor=f"part-{place}",
        title=part.title,
        points=number(part.points),
        max_points=number(part.max_points),
        state=part.state,
        tone=tone,
        word=word,
        bar=Markup(points_bar(part.points, part.max_points, tone)),  # noqa: S704 - drawn from numbers
        findings=findings(part.checks),
        passed=passed(part.checks),
    )


def _part_words(part: PartStanding) -> tuple[str, str]:
    """Return tone and word of a part; when all its lost checks agree, their own word says most."""
    if part.state is State.NOT_GRADED:
        return "calm", "Not graded"
    if part.state is State.FULL:
        return "good", "Solved"
    if part.state is State.PARTIAL:
        return "warn", "In part"
    faces = {FACES[check.outcome] for check in part.checks if not check.outcome.excused}
    if len(faces) == 1:
        face = faces.pop()
        return face.tone, face.word
    return "bad", "Not solved"


def _waiting(parts: Iterable[PartView]) -> tuple[WaitingView, ...]:
    alike: dict[tuple[Face, Markup, str], list[PartView]] = {}
    for part in parts:
        finding = part.findings[0]
        alike.setdefault((finding.face, finding.message, finding.free), []).append(part)
    return tuple(WaitingView(*says, tuple(group)) for says, group in alike.items())


def _summary(parts: Sequence[PartView]) -> str:
    graded = [part for part in parts if part.state is not State.NOT_GRADED]
    solved = sum(part.state is State.FULL for part in graded)
    left = len(parts) - len(graded)
    sentences = []
    if graded and solved == len(graded):
        sentences.append("Every part is solved." if solved > 1 else "The part is solved.")
    elif graded:
        sentences.append(f"{solved} of {counted(len(graded), 'part')} solved.")
    if left:
        was = "was not graded and is" if left == 1 else "were not graded and are"
        sentences.append(f"{counted(left, 'part')} {was} left out of the total.")
    return " ".join(sentences)
