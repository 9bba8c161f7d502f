"""What grading says: outcomes, check results and reports, exactly as grades.json holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

SCHEMA = 1
"""Version of the grades.json contract."""


class Refusal(Exception):
    """What was asked for cannot be done; the message says what to do. Commands print it, and end."""


GRADER_FAILED = "the grader failed on this submission; staff must look at it"
GRADER_FAULT = "grader_fault"
"""Kind of the flag that holds the traceback."""

NOT_WHOLE = "not_read_whole"
"""Kind of the flags that say what of a submission was left out because it does not parse or run here. The student reads
them, and staff are asked to look: it may have cost points."""

OTHER_VERSION = "other_version"
"""Kind of the flags that say what the student's version of a library has and this one has no longer."""

NEEDS_A_LOOK = frozenset(
    {NOT_WHOLE, "does_not_parse", "answer_not_counted", "notebook_not_json", "too_large", "nested_archive"}
)
"""Kinds of flags that may be why points are missing."""

EARLIER_RELEASE = "earlier_release"
"""Kind of the flag that says from which earlier release a submission began."""

TOLD = frozenset({NOT_WHOLE, OTHER_VERSION, "answer_not_counted"})
"""Kinds of flags that the student reads, too: their words hold nothing that is hidden."""


def family_of(part: str) -> str:
    """Return the name that the parts have in common which judge one answer together, such as its three gradients."""
    return part.partition(".")[0]


def demand(title: str) -> str:
    """Return the title of a check that did not pass, so that nobody takes its claim for what was found."""
    return f"Should hold: {title}" if title.endswith(".") else title


class Scope(StrEnum):
    """Whether a check counts: the assignment as set, or its docstrings' contract beyond it."""

    HOMEWORK = "homework"
    BEYOND = "beyond"


class Outcome(StrEnum):
    """How one check ended; `earns` and `excused` say what that does to the points."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_IMPLEMENTED = "not_implemented"
    IMPORT_ERROR = "import_error"
    ERROR = "error"
    BLOCKED = "blocked"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    INCONCLUSIVE = "inconclusive"
    TAMPERED = "tampered"
    GRADER_ERROR = "grader_error"
    NOT_GRADED = "not_graded"

    @property
    def earns(self) -> bool:
        """Whether the check earns its points: it passed, or the measurement could not decide."""
        return self in _EARNING

    @property
    def excused(self) -> bool:
        """Whether the check leaves the total: the grader's own fault, or a part this machine cannot grade."""
        return self in _EXCUSED


# To look a member up by its name takes ten times as long as to compare it, and a class has checks by the ten thousands.
_EARNING = (Outcome.PASSED, Outcome.INCONCLUSIVE)
_EXCUSED = (Outcome.GRADER_ERROR, Outcome.NOT_GRADED)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something staff should see about a submission; it never changes the score.

    Attributes
    ----------
    kind
        A stable machine-readable name, such as ``edited_given_file`` or ``tampering``.
    message
        One sentence for a person. May quote the submission, so every renderer escapes it.
    """

    kind: str
    message: str


LEVELS = 5
"""Highest level of an `ErrorMap` cell; level 0 is within tolerance."""

MAP_SIDE = 64
"""Most cells along one side of an `ErrorMap`: what a person can read, and a bound on a file's claims."""


@dataclass(frozen=True, slots=True)
class ErrorMap:
    """Where the error of one array sits, in coarse levels; no value, expected or actual, can be read from it.

    It shows the last two axes of the array at the leading index where the error is worst. An array of rank 1
    is one row, a scalar one cell. Large planes are shown in equal blocks, each at its worst level.

    Attributes
    ----------
    shape
        Shape of the whole array.
    axes
        One short name per axis, such as ``("N", "C", "H", "W")``.
    worst
        Index of the worst entry in the whole array; its leading part is the plane shown.
    block
        Rows and columns of the plane that one cell stands for.
    levels
        Rows of cells, each 0 (within tolerance) to `LEVELS`.
    wrong
        Entries of the whole array that are beyond tolerance.

    Raises
    ------
    ValueError
        The fields do not fit together. Reports are files, and files get edited.
    """

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    worst: tuple[int, ...]
    block: tuple[int, int]
    levels: tuple[tuple[int, ...], ...]
    wrong: int

    def __post_init__(self) -> None:
        if not len(self.shape) == len(self.axes) == len(self.worst):
            raise ValueError("an error map needs one axis name and one index for each entry of its shape")
        if not all(0 <= at < size for at, size in zip(self.worst, self.shape, strict=True)):
            raise ValueError(f"the worst entry {self.worst} lies outside shape {self.shape}")
        if min(self.block) < 1:
            raise ValueError(f"a cell cannot stand for {self.block[0]} x {self.block[1]} entries")
        rows, columns = (
            -(-size // step) for size, step in zip((1, 1, *self.shape)[-2:], self.block, strict=True)
        )
        if max(rows, columns) > MAP_SIDE:
            raise ValueError(f"an error map has at most {MAP_SIDE} cells along a side")
        if len(self.levels) != rows or any(len(row) != columns for row in self.levels):
            raise ValueError(
                f"cells of {self.block} entries of shape {self.shape} make {rows} x {columns} levels"
            )
        if not all(0 <= level <= LEVELS for row in self.levels for level in row):
            raise ValueError(f"levels run from 0 to {LEVELS}")


@dataclass(frozen=True, slots=True)
class WorstEntry:
    """One of the entries of an array that are furthest off, in words: what came may be no number at all."""

    index: str
    expected: str
    got: str
    difference: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict of one check.

    Attributes
    ----------
    id
        Unique within the assignment and stable across releases.
    part
        The part whose points this check shares.
    title
        The check's docstring: what was tried, in the student's words.
    message
        What came out, for the student. Never holds hidden inputs, expected values or the submission's own
        exception text, which could carry them.
    diagnosis
        Which known mistake or pattern explains the failure; empty when unsure.
    staff_note
        Details only staff may read, such as the submission's exception text.
    seconds
        Wall time of the check.
    error_map
        Where the error of the array that failed sits; ``None`` when no single array was compared.
    judged
        Where the verdict was reached: ``"outside"`` of the box, which nothing in it can forge, or ``"inside"``, in the
        process of the notebook, which code that knows how may.
    inputs
        For staff: the call that was made last, with what it was given, arrays by their shapes.
    worst
        For staff: the entries that are furthest off, the worst first.
    """

    id: str
    part: str
    scope: Scope
    outcome: Outcome
    points: float
    max_points: float
    title: str
    message: str = ""
    diagnosis: str = ""
    staff_note: str = ""
    seconds: float = 0.0
    error_map: ErrorMap | None = None
    judged: str = "outside"
    inputs: str = ""
    worst: tuple[WorstEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class NotebookPage:
    """A notebook of a submission after it ran: for the student, and no part of grades.json.

    Attributes
    ----------
    name
        The released notebook's name.
    summary
        What became of its cells, in one sentence.
    html
        The whole page.
    """

    name: str
    summary: str
    html: str


@dataclass(frozen=True, slots=True)
class AnswerLines:
    """Where an answer is defined: its first and its last line, counted from 1."""

    symbol: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CodeText:
    """A module, or a cell of a notebook, that a student wrote: for pages and people, and no part of grades.json.

    Attributes
    ----------
    name
        The file as it was handed in, and of a notebook the cell; no other text of the submission has it.
    text
        As it was handed in, lines ended by line feeds; of a long one the beginning.
    given
        Runs of lines, first and last, that were handed out.
    answers
        The answers that are defined in it.
    places
        What messages call the file: where it lay when the checks ran.
    left_out
        Lines behind the end of `text`.
    lines
        Of a cell: each line of the module at `places` that was made of a line of it, with that line.
    """

    name: str
    text: str
    given: tuple[tuple[int, int], ...] = ()
    answers: tuple[AnswerLines, ...] = ()
    places: tuple[str, ...] = ()
    left_out: int = 0
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """A part that a person has yet to judge: it has no points so far, and `points` can be reached.

    Attributes
    ----------
    part
        A part of the assignment. What its checks earned, if it has any, does not count while it waits.
    why
        For the student: what it waits for; empty where the part is judged by people in any case.
    written
        For staff: the student's own text or code to judge; empty where nothing was written, or no cell is named.
    """

    part: str
    points: float
    why: str = ""
    written: str = ""


def cell_anchor(cell: str) -> str:
    """Return the anchor of a released cell on the page of its notebook."""
    return f"at-{re.sub(r'[^A-Za-z0-9_-]', '-', cell)}"


WHOLE = "total"
"""What stands for a part where something is about the submission as a whole."""


class DecisionKind(StrEnum):
    """What a person decided.

    Points more or less, the points themselves, the most there are, all, or none to reach; words alone; days more before
    being late; or that another decision counts no more. An item of the rubric is decided once and applied to many. That
    somebody looked at a submission, or is to look at it, changes nothing about it.
    """

    ADD = "add"
    SET = "set"
    CAP = "cap"
    GIVE = "give"
    VOID = "void"
    COMMENT = "comment"
    EXTEND = "extend"
    UNDO = "undo"
    ITEM = "item"
    APPLY = "apply"
    LOOK = "look"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class CodePlace:
    """The line of a submission that somebody wrote about, found again where other lines have come before it.

    Attributes
    ----------
    file
        The `CodeText` by its name.
    line
        Counted from 1.
    symbol
        The answer that is defined there; empty outside of all.
    quote
        The line itself.
    """

    file: str
    line: int
    symbol: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about submissions, as it was entered; it outlives every regrade and is never changed.

    Attributes
    ----------
    part
        A part of the assignment, or `WHOLE`.
    points
        Added (less than zero takes away), set, or the most there can be; of an extension the days; 0 where the kind
        needs no number.
    why
        For the student: the reason, the comment itself, or what an item of the rubric says. Of a share, who is to look.
    who, when
        For the audit trail; ``when`` is ISO 8601 with a time zone.
    diagnosis
        Only submissions with a failure that has this diagnosis are meant; empty for all.
    beyond
        Whether the part may come to more than its points.
    number
        What people call it by; decisions that were entered together share one.
    undoes
        Of the kind ``undo``: the number of the decision that counts no more, for the student named with it or for all.
    item
        The number of the rubric's item that is applied, or changed; 0 of a new one.
    place
        The line that a comment is about, if it is about one.
    """

    part: str
    kind: DecisionKind
    points: float
    why: str
    who: str = ""
    when: str = ""
    diagnosis: str = ""
    beyond: bool = False
    number: int = 0
    undoes: int = 0
    item: int = 0
    place: CodePlace | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What came of a person's decision about points.

    Attributes
    ----------
    part
        A part of the assignment, or `WHOLE` for the submission as a whole.
    points
        What was added; less than zero was taken away.
    why
        For the student.
    who, when
        For the audit trail; ``when`` is ISO 8601 with a time zone.
    max_points
        What was added to the points that can be reached.
    kind
        What was decided.
    """

    part: str
    points: float
    why: str
    who: str = ""
    when: str = ""
    max_points: float = 0.0
    kind: DecisionKind = DecisionKind.ADD


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote to the student in Markdown, about a line, a part or, as `WHOLE`, about the submission."""

    part: str
    text: str
    who: str = ""
    when: str = ""
    place: CodePlace | None = None


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """Everything graded about one submission.

    ``score`` is what the student gets: the checks' points, adjusted and less the penalty for lateness.

    ``error`` is empty unless the submission got no result at all (unreadable archive, nothing to grade). The
    student reads it too, so it names files of the submission and never a path of the grading machine.
    ``isolation`` is ``"A"``, ``"B"``, ``"none"`` or ``""`` when nothing ran. ``notebooks`` is empty unless notebooks
    were asked for and handed in. ``code`` is what was written, where it is to be shown.

    ``waiting`` are the parts that a person has yet to judge: ``max_score`` holds their points, and ``score`` none.

    ``student`` is who handed it in, empty where that is not to be known, and ``member`` the same student's id in
    people.csv, empty where nobody is known to be meant; ``late_days`` are those charged, and ``penalty`` the points
    they cost. ``free_days`` are late days of the term that this submission used up, and ``free_days_left`` those that
    remain. ``time_unknown`` is said where it may be late and nobody tells when it came: then nothing is charged.
    """

    id: str
    sha256: str
    score: float
    max_score: float
    isolation: str
    seconds: float
    flags: tuple[Flag, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    error: str = ""
    notebooks: tuple[NotebookPage, ...] = ()
    student: str = ""
    attempt: int = 1
    adjustments: tuple[Adjustment, ...] = ()
    late_days: int = 0
    penalty: float = 0.0
    waiting: tuple[WaitingPart, ...] = ()
    comments: tuple[Comment, ...] = ()
    code: tuple[CodeText, ...] = ()
    member: str = ""
    free_days: int = 0
    free_days_left: int = 0
    time_unknown: bool = False


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The grades.json document: one assignment, many submissions.

    ``notes`` say what of a download is nobody's submission, and what else staff should know of it as a whole.
    """

    schema: int
    assignment: str
    assignment_version: str
    grader_version: str
    submissions: tuple[SubmissionReport, ...]
    notes: tuple[str, ...] = ()
