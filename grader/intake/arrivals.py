"""Who handed in what and when: a student, each arrival of a submission of theirs, and what can go wrong with one.

::

    IntakeError
    ├── NothingFound           the folder holds no submission
    ├── ReleaseIncomplete      the assignment's own files are missing: the author's matter, never a student's
    └── SubmissionUnreadable   one submission cannot be taken in; all others still can
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.results import Refusal


class IntakeError(Refusal):
    """Submissions cannot be taken in; the message says what to do."""


class NothingFound(IntakeError):
    """No submission where one was looked for."""


class ReleaseIncomplete(IntakeError):
    """A file that students receive is missing on the grading machine."""


class SubmissionUnreadable(IntakeError):
    """One submission cannot be read.

    Attributes
    ----------
    id
        The submission's id.
    reason
        One sentence for the student: what is wrong with what was handed in, and what to do. May quote names
        from the submission, so every renderer escapes it.
    """

    def __init__(self, id: str, reason: str) -> None:
        super().__init__(f"{id}: {reason}")
        self.id = id
        self.reason = reason

    def __reduce__(self) -> tuple[type[SubmissionUnreadable], tuple[str, str]]:
        """Cross process boundaries whole: the default would hand the constructor one argument of two."""
        return type(self), (self.id, self.reason)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that looks like a submission; `path` is a folder, an archive or a link to one."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the class.

    Attributes
    ----------
    id
        What the course calls them: unique, stable over attempts and downloads, safe in file names.
    name, email
        As the learning platform writes them; a spreadsheet or page that shows them has to escape them.
    lms_id
        The platform's own number for them, which its gradebook import asks for.
    member
        Who they are in people.csv, by the id there; empty where nobody is known to be meant.
    """

    id: str
    name: str = ""
    email: str = ""
    lms_id: str = ""
    member: str = ""

    @property
    def who(self) -> str:
        """The one that they are over downloads of several platforms."""
        return self.member or self.id


@dataclass(frozen=True, slots=True)
class Arrival:
    """One attempt of one student, as the download tells of it.

    Attributes
    ----------
    candidate
        Where the work lies; its id is unique over all arrivals.
    submitted_at
        When it was handed in, with its time zone; None where the download does not say.
    attempt
        1 for the first; the platform's own count where it has one.
    late_seconds
        How long after the due date the platform says it came; None where it does not say.
    """

    candidate: Candidate
    student: Person
    submitted_at: datetime | None = None
    attempt: int = 1
    late_seconds: float | None = None


def plain_arrivals(candidates: Iterable[Candidate]) -> tuple[Arrival, ...]:
    """Take every candidate for the only attempt of a student of the same name, which is all a plain folder says."""
    return tuple(Arrival(each, Person(each.id)) for each in candidates)
