"""The page of a submission: its code, what can be said and decided of each part, what changed between attempts.

It takes apart code and sets what people wrote, which the first page of a class does not wait for.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from grader.reporting import page
from grader.reporting.code_places import where_now
from grader.reporting.code_view import CodeFile, code_files
from grader.reporting.prose import prose
from grader.reporting.submission_page import PartSection, SubmissionSections, sections_of
from grader.reporting.text import clean_submission, one_line, signed
from grader.results import (
    WHOLE,
    CheckResult,
    CodeText,
    Decision,
    DecisionKind,
    SubmissionReport,
    WaitingPart,
    cell_anchor,
)
from grader.review.class_view import ClassView, Reviewed, diagnosis_id, part_title
from grader.review.pages import Frame

REUSED = 30
"""Comments that are offered again, the most frequent first."""

_LONGEST_REUSED = 600
_LONGEST_DIFF = 4_000


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of the rubric at a submission; `number` is that of its application here, 0 where it is not applied."""

    item: Decision
    digit: str
    count: int
    number: int


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment that counts here, as it is shown; `source` is what was typed."""

    number: int
    text: Markup
    source: str
    who: str
    when: str
    where: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Points that somebody decided here, in words."""

    number: int
    words: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part, or the submission as a whole, with all that can be said and decided about it.

    Attributes
    ----------
    is_empty
        Whether a person is to judge what was written in a cell, and nothing was.
    """

    id: str
    title: str
    anchor: str
    section: PartSection | None
    waiting: WaitingPart | None
    written: Markup
    notes: tuple[CheckResult, ...]
    items: tuple[ItemView, ...]
    suggested: tuple[str, ...]
    diagnoses: tuple[tuple[str, str, int], ...]
    comments: tuple[CommentView, ...]
    changes: tuple[ChangeView, ...]
    is_hand: bool
    is_empty: bool = False
    figure: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """Everything on the page of a submission."""

    student: Reviewed
    report: SubmissionReport
    sections: SubmissionSections
    parts: tuple[PartView, ...]
    code: tuple[CodeFile, ...]
    notebooks: tuple[tuple[int, str, str], ...]
    last: Decision | None

    @property
    def first_open(self) -> str:
        """The part that is open at first: one that waits, else one with something to read."""
        wanted = [each.id for each in self.parts if each.waiting]
        wanted += [each.id for each in self.parts if each.section and each.section in self.sections.to_read]
        return (wanted or [self.parts[0].id])[0]


def submission_page(
    frame: Frame,
    student: Reviewed,
    report: SubmissionReport,
    code: Sequence[CodeText],
    notebooks: Sequence[tuple[str, str]],
) -> SubmissionPage:
    """Lay out the page of a submission.

    Parameters
    ----------
    report
        With the words of its checks.
    notebooks
        Name and summary of each that ran.
    """
    hidden = replace(report, code=tuple(code), notebooks=())
    if frame.blind:
        hidden = _without_name(hidden, student)
    cleaned = clean_submission(hidden)
    sections = sections_of(cleaned, frame.assignment)
    lines: dict[tuple[str, int], list[Markup]] = {}
    comments = tuple(_comments(frame, student, code, lines))
    ids = [
        WHOLE,
        *dict.fromkeys([*(each.standing.id for each in sections.parts), *_parts_named(frame, student)]),
    ]
    by_id = {each.standing.id: each for each in sections.parts}
    waiting = {each.part: each for each in cleaned.waiting}
    order = sorted(ids[1:], key=lambda id: _urgency(id, by_id, waiting, sections))
    parts = tuple(
        replace(
            _part_view(frame, student, id, by_id.get(id), waiting.get(id), cleaned, comments),
            figure=_figure(frame, student, waiting.get(id), [name for name, _ in notebooks]),
        )
        for id in (*order, WHOLE)
    )
    files = code_files(cleaned, frame.assignment, lines)
    numbered = tuple((at, name, summary) for at, (name, summary) in enumerate(notebooks))
    return SubmissionPage(student, cleaned, sections, parts, files, numbered, _last_of(frame))


def _figure(frame: Frame, student: Reviewed, waiting: WaitingPart | None, notebooks: Sequence[str]) -> str:
    """Return where the cell of a part that waits stands on the page of its notebook, if that is code and ran."""
    part = next((each for each in frame.assignment.parts if waiting and each.id == waiting.part), None)
    name = frame.assignment.notebook_of(part) if part and part.cell else ""
    text = waiting is not None and waiting.written and "```" not in waiting.written
    if part is None or name not in notebooks or text:
        return ""
    return f"/s/{student.key}/notebook/{notebooks.index(name)}#{cell_anchor(part.cell)}"


def _urgency(
    id: str,
    parts: Mapping[str, PartSection],
    waiting: Mapping[str, WaitingPart],
    sections: SubmissionSections,
) -> int:
    """Return how far down a part stands: what waits comes first, then what is to be read, then what is solved."""
    if id in waiting:
        return 0
    return 1 if id in parts and parts[id] in sections.to_read else 2


def _parts_named(frame: Frame, student: Reviewed) -> Iterator[str]:
    known = {part.id for part in frame.assignment.parts}
    yield from (each.part for each in student.decisions if each.part in known)


def _without_name(report: SubmissionReport, student: Reviewed) -> SubmissionReport:
    """Return a report in which the submission's own names are the anonymous id."""
    error = report.error
    for name in filter(None, (student.standing.candidate_id, student.facts.id)):
        error = error.replace(name, student.key)
    return replace(report, id=student.key, student="", error=error)


def _part_view(
    frame: Frame,
    student: Reviewed,
    id: str,
    section: PartSection | None,
    waiting: WaitingPart | None,
    report: SubmissionReport,
    comments: Sequence[tuple[str, CommentView]],
) -> PartView:
    checks = [each for each in report.checks if each.part == id] if id != WHOLE else list(report.checks)
    sentences = Counter(each.diagnosis for each in checks if each.diagnosis)
    items = tuple(_items(frame, student, id))
    known = {each.item.why for each in items}
    kind, cell = next(((each.kind, each.cell) for each in frame.assignment.parts if each.id == id), ("", ""))
    return PartView(
        id=id,
        title=part_title(frame.assignment, id),
        anchor=f"part-{diagnosis_id(id)}",  # the same wherever it stands: a script finds it again by it
        section=section,
        waiting=waiting,
        written=prose(waiting.written) if waiting and waiting.written else Markup(""),
        notes=tuple(each for each in checks if waiting and each.staff_note and each.outcome.earns),
        items=items,
        suggested=tuple(each for each in sentences if each not in known and id != WHOLE),
        diagnoses=tuple(
            (diagnosis_id(each), each, len(frame.view.with_diagnosis(each))) for each in sentences
        ),
        comments=tuple(each for part, each in comments if part == id),
        changes=tuple(_changes(student, id)),
        is_hand=kind == "hand" or waiting is not None,
        is_empty=waiting is not None and bool(cell) and not (waiting.written or waiting.why),
    )


def _items(frame: Frame, student: Reviewed, part: str) -> Iterator[ItemView]:
    applied = {each.item: each.number for each in student.decisions if each.item}
    some = [each for each in frame.view.items if each.part == part]
    for at, each in enumerate(some, 1):
        digit = str(at) if at <= len("123456789") else ""
        yield ItemView(each, digit, frame.view.applied.get(each.item, 0), applied.get(each.item, 0))


_WORDS = {
    DecisionKind.SET: "set to {}",
    DecisionKind.CAP: "at most {}",
    DecisionKind.GIVE: "all points",
    DecisionKind.VOID: "left out of the total",
    DecisionKind.EXTEND: "{} more days",
}


def _changes(student: Reviewed, part: str) -> Iterator[ChangeView]:
    for each in student.decisions:
        if each.part == part and not each.item and (each.kind in _WORDS or each.kind is DecisionKind.ADD):
            words = _WORDS.get(each.kind, "{}")
            points = signed(each.points) if each.kind is DecisionKind.ADD else f"{each.points:g}"
            yield ChangeView(each.number, words.format(points), each.why, each.who)


def _comments(
    frame: Frame,
    student: Reviewed,
    code: Sequence[CodeText],
    lines: dict[tuple[str, int], list[Markup]],
) -> Iterator[tuple[str, CommentView]]:
    """Give the comments with the part they are about, and put those about lines there."""
    sentences = set(student.diagnoses)
    for each in student.decisions:
        if each.kind is not DecisionKind.COMMENT or (each.diagnosis and each.diagnosis not in sentences):
            continue
        text, where = prose(each.why, formulas=True), ""
        if each.place:
            found = where_now(each.place, code)
            where = _where(each.place.file, each.place.line, found.note if found else "the line is gone")
            if found:
                where = _where(found.file, found.line, found.note)
                note = Markup('<p class="quiet">{} · {}</p>').format(each.who, found.note or each.when[:10])
                lines.setdefault((found.file, found.line), []).append(
                    Markup('<div class="prose">{}</div>{}').format(text, note)
                )
        mine = each.who == frame.reviewer.name
        yield each.part, CommentView(each.number, text, each.why, each.who, each.when, where, mine)


def _where(file: str, line: int, note: str) -> str:
    return f"{one_line(file, page.LONGEST_TITLE)}, line {line}{f' ({note})' if note else ''}"


def _last_of(frame: Frame) -> Decision | None:
    """Return what the reviewer entered last that still counts, looks and shares left out."""
    mine = (
        each
        for _, each in reversed(frame.view.decided.counting)
        if each.who == frame.reviewer.name and each.kind not in {DecisionKind.LOOK, DecisionKind.SHARE}
    )
    return next(mine, None)


def reusable(view: ClassView, part: str) -> tuple[str, ...]:
    """Return what was commented before, the most frequent first; that about the same part before the rest."""
    count: Counter[str] = Counter()
    for _, each in view.decided.counting:
        if each.kind is DecisionKind.COMMENT and len(each.why) <= _LONGEST_REUSED:
            count[each.why] += 1 + (len(view.students) if each.part == part else 0)
    return tuple(text for text, _ in count.most_common(REUSED))


def diff_lines(
    old: Sequence[CodeText], new: Sequence[CodeText]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Give, by text, the lines that changed between two attempts, each with whether it came, went or stayed."""
    before = {each.name: each.text.split("\n") for each in old}
    after = {each.name: each.text.split("\n") for each in new}
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name, []), after.get(name, [])
        if one == other:
            continue
        found = difflib.unified_diff(one, other, lineterm="", n=4)
        lines = [(_KINDS.get(each[:1], "same"), each) for each in list(found)[2:_LONGEST_DIFF]]
        yield one_line(name, page.LONGEST_TITLE), tuple(lines)


_KINDS = {"+": "came", "-": "went", "@": "where"}
