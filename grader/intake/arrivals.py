"""Who handed in what and when: a student, and each arrival of a submission of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from grader.intake.discover import Candidate


@dataclass(frozen=True, slots=True)
class Student:
    """A member of the class.

    Attributes
    ----------
    id
        What the course calls them: unique, stable over attempts and downloads, safe in file names.
    name, email
        As the learning platform writes them; a spreadsheet or page that shows them has to escape them.
    lms_id
        The platform's own number for them, which its gradebook import asks for.
    """

    id: str
    name: str = ""
    email: str = ""
    lms_id: str = ""


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
    student: Student
    submitted_at: datetime | None = None
    attempt: int = 1
    late_seconds: float | None = None


def plain_arrivals(candidates: Iterable[Candidate]) -> tuple[Arrival, ...]:
    """Take every candidate for the only attempt of a student of the same name, which is all a plain folder says."""
    return tuple(Arrival(each, Student(each.id)) for each in candidates)
