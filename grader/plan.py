"""How a class is graded, in so few words that they travel, and the report of what could not be graded."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from grader.results import GRADER_FAULT, Flag, SubmissionReport
from grader.sandbox import Isolation

NO_MEMORY = "grading it took more memory than there is"


@dataclass(frozen=True, slots=True)
class GradingPlan:
    """What all gradings of one run share; small and picklable, so that it can travel to other processes.

    Attributes
    ----------
    root
        The course's repository.
    assignment_id
        Which assignment.
    isolation
        How submissions are boxed, already probed.
    course_key
        The secret that hidden inputs depend on.
    only
        Grade this part, or this family of parts, alone.
    data
        Folder with the data set that some checks need; None where there is none.
    notebooks
        Whether submitted notebooks are run and shown to their students; it takes longer than all checks.
    """

    root: Path
    assignment_id: str
    isolation: Isolation
    course_key: str
    only: str | None = None
    data: Path | None = None
    notebooks: bool = False


def covers(only: str | None, part: str) -> bool:
    """Say whether `part` is graded: as every part is, or as the only one or one of its family."""
    return only is None or part == only or part.startswith(f"{only}.")


def without_result(id: str, reason: str, *flags: Flag) -> SubmissionReport:
    """Return the report of a submission that could not be graded at all."""
    return SubmissionReport(id, "", 0.0, 0.0, "", 0.0, flags=flags, error=reason)


def fault() -> Flag:
    """Return, while an exception is handled, what staff needs to find the grader's fault."""
    return Flag(GRADER_FAULT, traceback.format_exc())
