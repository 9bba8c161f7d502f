"""The pages about one submission: the student's, and the staff's with flags, notes, times and isolation.

Reports are laid out here in the order they are read: parts with something to look at, parts that wait, parts that
are solved, and advice. The templates put it into HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.code_places import where_now
from grader.reporting.code_view import Place, code_files
from grader.reporting.files import notebook_page_name
from grader.reporting.outcomes import FACES, NO_ISOLATION, TAMPERING, Face, isolation_words
from grader.reporting.page import LONGEST_MESSAGE, LONGEST_TITLE, render_page, render_row
from grader.reporting.prose import prose
from grader.reporting.requests import request_text
from grader.reporting.standing import PartStanding, PartState, part_standings
from grader.reporting.text import clean_submission, clip, counted, for_student, number, one_line, signed
from grader.results import WHOLE, CheckResult, Comment, DecisionKind, Outcome, SubmissionReport, cell_anchor
from grader.scoring import is_advice

MOST_FLAGS = 200
"""Flags listed on a page; a submission can cause many."""


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Checks that did not pass and came out alike: a reader need not read it thrice."""

    checks: tuple[CheckResult, ...]

    @property
    def first(self) -> CheckResult:
        """The check that says what all of them say."""
        return self.checks[0]

    @property
    def face(self) -> Face:
        """How their outcome looks."""
        return FACES[self.first.outcome]

    @property
    def message(self) -> str:
        """What came out."""
        return self.first.message or self.face.help

    @property
    def free(self) -> str:
        """That an unlucky outcome costs nothing, where it does not."""
        return _free(self.first)

    @property
    def is_plain(self) -> bool:
        """Whether its message is all there is to it."""
        more = self.first.diagnosis or self.first.error_map or self.first.staff_note
        return self.face.tone in {"warn", "calm"} and not more


@dataclass(frozen=True, slots=True)
class PartSection:
    """One part on the page: its points, what to read about it, and the checks that only need a name."""

    standing: PartStanding
    anchor: str
    groups: tuple[CheckGroup, ...]
    passed: tuple[CheckResult, ...]

    @property
    def waits(self) -> bool:
        """Whether one plain sentence says all there is: not written yet, blocked, not graded."""
        if self.standing.state is PartState.WAITING:
            return False
        return not self.passed and len(self.groups) == 1 and self.groups[0].is_plain

    @property
    def is_solved(self) -> bool:
        """Whether every check passed, and nobody took points of it."""
        return not self.groups and self.standing.state is PartState.FULL

    @property
    def words(self) -> tuple[str, str]:
        """Its tone and its word; where all its lost checks agree, their own word says most."""
        if self.standing.state is not PartState.NONE:
            return _STATE_WORDS[self.standing.state]
        faces = {FACES[check.outcome] for check in self.standing.checks if not check.outcome.excused}
        if len(faces) == 1:
            face = faces.pop()
            return face.tone, face.word
        return "bad", "Not solved"


_STATE_WORDS = {
    PartState.NOT_GRADED: ("calm", "Not graded"),
    PartState.FULL: ("good", "Solved"),
    PartState.PARTIAL: ("warn", "In part"),
    PartState.WAITING: ("calm", "Waits for a person"),
}


@dataclass(frozen=True, slots=True)
class SubmissionSections:
    """A submission in the order its page shows it; `advice` is what looked beyond the assignment."""

    parts: tuple[PartSection, ...]
    advice: tuple[CheckGroup, ...]
    advice_passed: tuple[CheckResult, ...]

    @property
    def to_read(self) -> tuple[PartSection, ...]:
        """Parts with something to look at."""
        return tuple(part for part in self._judged if not part.waits and not part.is_solved)

    @property
    def by_hand(self) -> tuple[PartSection, ...]:
        """Parts that a person has yet to judge."""
        return tuple(part for part in self.parts if part.standing.state is PartState.WAITING)

    @property
    def _judged(self) -> tuple[PartSection, ...]:
        return tuple(part for part in self.parts if part.standing.state is not PartState.WAITING)

    @property
    def waiting(self) -> tuple[tuple[PartSection, ...], ...]:
        """Parts one sentence says everything about, those of one sentence together."""
        alike: dict[tuple[Face, str, str], list[PartSection]] = {}
        for part in self.parts:
            if part.waits:
                group = part.groups[0]
                alike.setdefault((group.face, group.message, group.free), []).append(part)
        return tuple(map(tuple, alike.values()))

    @property
    def solved(self) -> tuple[PartSection, ...]:
        """Parts whose every check passed, and whose points nobody lowered."""
        return tuple(part for part in self._judged if part.is_solved)

    @property
    def summary(self) -> str:
        """The parts in a sentence or two."""
        graded = [part for part in self._judged if part.standing.state is not PartState.NOT_GRADED]
        solved = sum(part.standing.state is PartState.FULL for part in graded)
        left = len(self._judged) - len(graded)
        sentences = []
        if graded and solved == len(graded):
            sentences.append("Every part is solved." if solved > 1 else "The part is solved.")
        elif graded:
            sentences.append(f"{solved} of {counted(len(graded), 'part')} solved.")
        if left:
            was = "was not graded and is" if left == 1 else "were not graded and are"
            sentences.append(f"{counted(left, 'part')} {was} left out of the total.")
        if self.by_hand:
            points = number(sum(part.standing.max_points for part in self.by_hand))
            wait = "waits" if len(self.by_hand) == 1 else "wait"
            sentences.append(
                f"{counted(len(self.by_hand), 'part')} {wait} for a person to judge: up to {points} more points."
            )
        return " ".join(sentences)


def render_student(submission: SubmissionReport, assignment: Assignment) -> str:
    """Return the page a student reads: points, what was tried, what came out and the likely cause."""
    notebooks = [
        (each.name, each.summary, notebook_page_name(submission.id, each.name))
        for each in submission.notebooks
    ]
    cleaned = for_student(clean_submission(submission))
    return _render(
        "student.html",
        cleaned,
        assignment,
        notebooks=notebooks,
        flags=cleaned.flags[:MOST_FLAGS],
        request=request_text(cleaned, assignment.id),
    )


def render_staff(submission: SubmissionReport, assignment: Assignment, student_page: str, out: Path) -> str:
    """Return the staff's page about one submission: the student's, and flags, notes, times and isolation.

    Parameters
    ----------
    student_page
        Relative address of the student's page.
    out
        The folder of results, which the commands on the page name.
    """
    cleaned = clean_submission(submission)
    folder = PurePosixPath(student_page).parent
    pages = {
        each.name: folder / notebook_page_name(submission.id, each.name) for each in submission.notebooks
    }
    places = {part.id: (assignment.notebook_of(part), part.cell) for part in assignment.parts if part.cell}
    accusing_first = sorted(cleaned.flags, key=lambda flag: flag.kind != TAMPERING)
    return _render(
        "staff.html",
        cleaned,
        assignment,
        flags=accusing_first[:MOST_FLAGS],
        isolation=isolation_words(cleaned.isolation),
        isolated=cleaned.isolation != NO_ISOLATION,
        replay=(clip(cleaned.id, LONGEST_TITLE), str(out)),
        student_page=student_page,
        figures={
            part: f"{pages[name]}#{cell_anchor(cell)}"
            for part, (name, cell) in places.items()
            if name in pages
        },
    )


def change_words(submission: SubmissionReport, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Say what was given and taken by people, and what lateness cost; who did it where that is told."""
    found = []
    for each in submission.adjustments:
        part = clip(titles.get(each.part, each.part), LONGEST_TITLE)
        change = f"{signed(each.points)} points"
        what = change if each.part == WHOLE else f"{change} in {part}"
        if each.kind is DecisionKind.VOID:
            what = f"{part} is left out of the total"
        elif each.kind is DecisionKind.EXTEND:
            what = "Extension"
        found.append(
            f"{what}{_HOW.get(each.kind, '')}: {clip(each.why, LONGEST_MESSAGE)}{_by(each.who, each.when)}"
        )
    if submission.free_days:
        rest = counted(submission.free_days_left, "day is", "days are")
        found.append(
            f"{counted(submission.free_days, 'day')} late, taken from your late days of the term: {rest} left"
        )
    if submission.late_days:
        late = counted(submission.late_days, "day")
        found.append(f"{late} late: -{number(submission.penalty)} points")
    if submission.time_unknown:
        found.append("Nobody tells when this came: if it was late, nothing is taken off for that so far")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as a page shows it: what it is about, its text as markup, and who wrote it where that is told."""

    about: str
    text: Markup
    by: str


def said(comment: Comment, titles: Mapping[str, str]) -> Said:
    """Return a comment as a page shows it."""
    about = "" if comment.part == WHOLE else clip(titles.get(comment.part, comment.part), LONGEST_TITLE)
    if comment.place is not None:
        at = f"{one_line(comment.place.file, LONGEST_TITLE)}, line {comment.place.line}"
        about = f"{about}, {at}" if about else at
    return Said(
        about,
        prose(clip(comment.text, LONGEST_MESSAGE), formulas=True),
        _by(comment.who, comment.when).strip(),
    )


_HOW = {
    DecisionKind.SET: ", set by hand",
    DecisionKind.CAP: ", capped",
    DecisionKind.GIVE: ", all points given",
}


def _by(who: str, when: str) -> str:
    return f" ({clip(who, LONGEST_TITLE)}, {clip(when, LONGEST_TITLE)})" if who else ""


def _placed(
    cleaned: SubmissionReport, titles: Mapping[str, str]
) -> tuple[list[Comment], dict[Place, list[Markup]]]:
    """Return the comments that are about no line, or one that is nowhere now, and the others at their lines."""
    elsewhere: list[Comment] = []
    placed: dict[Place, list[Markup]] = {}
    for each in cleaned.comments:
        found = where_now(each.place, cleaned.code) if each.place else None
        if found is None:
            elsewhere.append(each)
            continue
        shown = said(replace(each, place=None), titles)
        shown = replace(shown, about=", ".join(filter(None, (shown.about, clip(found.note, LONGEST_TITLE)))))
        piece = render_row("comment.html", comment=shown)
        placed.setdefault((found.file, found.line), []).append(piece)
    return elsewhere, placed


def _render(template: str, cleaned: SubmissionReport, assignment: Assignment, **context: object) -> str:
    titles = {part.id: part.title for part in assignment.parts}
    elsewhere, about_lines = _placed(cleaned, titles)
    return render_page(
        template,
        assignment=assignment,
        submission=cleaned,
        titles=titles,
        sections=sections_of(cleaned, assignment),
        changes=change_words(cleaned, titles),
        comments=[said(each, titles) for each in elsewhere],
        code=code_files(cleaned, assignment, about_lines),
        **context,
    )


def sections_of(cleaned: SubmissionReport, assignment: Assignment) -> SubmissionSections:
    """Lay a submission out in the order in which its page shows it."""
    parts = [
        PartSection(each, f"part-{place}", _groups(each.checks), _passed(each.checks))
        for place, each in enumerate(part_standings(cleaned, assignment), start=1)
    ]
    advice = [check for check in cleaned.checks if is_advice(check)]
    return SubmissionSections(tuple(parts), _groups(advice), _passed(advice))


def _groups(checks: Iterable[CheckResult]) -> tuple[CheckGroup, ...]:
    """Put checks together that did not pass and have the same to say, in the order they first come up."""
    alike: dict[object, list[CheckResult]] = {}
    for check in checks:
        if check.outcome is not Outcome.PASSED:
            says = check.message, check.diagnosis, check.error_map, check.staff_note, _free(check)
            alike.setdefault((check.outcome, *says), []).append(check)
    return tuple(CheckGroup(tuple(each)) for each in alike.values())


def _passed(checks: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    return tuple(check for check in checks if check.outcome is Outcome.PASSED)


def _free(check: CheckResult) -> str:
    if is_advice(check):
        return ""
    if check.outcome.excused:
        return "This costs you no points: the check is left out of the total."
    if check.outcome is Outcome.INCONCLUSIVE and check.points >= check.max_points:
        return "This costs you no points: you keep all points of this check."
    return ""
