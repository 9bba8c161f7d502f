"""What grading says: outcomes, check results and reports, exactly as grades.json holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCHEMA = 1
"""Version of the grades.json contract."""


class Scope(StrEnum):
    """Whether a check counts: the homework as set, or its docstrings' contract beyond it."""

    HOMEWORK = "homework"
    BEYOND = "beyond"


class Outcome(StrEnum):
    """How one check ended. Only ``PASSED`` earns points; see `Outcome.excused` for what costs none."""

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
    def excused(self) -> bool:
        """Whether the check leaves the student's total instead of scoring zero.

        A measurement that could not decide, a fault of the grader and a part this machine cannot grade
        are nobody's mistake.
        """
        return self in {Outcome.GRADER_ERROR, Outcome.NOT_GRADED}


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


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """Everything graded about one submission.

    ``error`` is empty unless the submission got no result at all (unreadable archive, nothing to grade).
    ``isolation`` is ``"A"``, ``"B"``, ``"none"`` or ``""`` when nothing ran.
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


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The grades.json document: one assignment, many submissions."""

    schema: int
    assignment: str
    assignment_version: str
    grader_version: str
    submissions: tuple[SubmissionReport, ...]
