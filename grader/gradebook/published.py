"""What a class is shown: which grading of each arrival, which attempt of each student, and the final reports."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grader.course.assignment import Assignment
from grader.course.policy import Attempts, counting_attempt, days_charged, seconds_late
from grader.gradebook.adjustments import adjustments_of
from grader.gradebook.claims import now
from grader.gradebook.database import Gradebook
from grader.gradebook.final import final_report
from grader.gradebook.insertion import in_chunks
from grader.gradebook.rows import RESULT_COLUMNS, check_of, flags_of, page_of, report_of
from grader.gradebook.schema import ArrivalRow, GradingRow, NotebookRow, ResultRow, SectionRow, StudentRow
from grader.results import Adjustment, CheckResult, NotebookPage, SubmissionReport

NOT_YET = "it has not been graded yet; grade the class again"

_ANONYMOUS_LENGTH = 8
_AT_ONCE = 50
"""Reports read together: enough that the database is not asked a thousand times, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An arrival and the grading of it that is to be looked at.

    Attributes
    ----------
    student, shown
        The student's own id, and the id that outputs use.
    sha256
        Of the content that is there now.
    finished_at
        When that grading was.
    grading_id
        None where there is no grading, as of an arrival that cannot be read.
    """

    arrival_id: int
    candidate_id: str
    student: str
    shown: str
    attempt: tuple[int, float]
    sha256: str | None
    grading_id: int | None
    flags: Sequence[Sequence[str]]
    error: str
    days: int
    adjustments: tuple[Adjustment, ...]
    finished_at: datetime | None

    @property
    def digest(self) -> str:
        """Changes whenever anything about the final report does."""
        return hashlib.sha256(repr(self).encode("utf-8", "backslashreplace")).hexdigest()


def published(book: Gradebook, section_id: int, assignment: Assignment) -> tuple[Standing, ...]:
    """Return the published standing of every arrival that is present, in the order outputs list them."""
    with book.reading() as session:
        anonymous = session.scalars(select(SectionRow.anonymous).filter_by(id=section_id)).one()
        adjustments = adjustments_of(session, assignment.id)
        rows = session.execute(
            select(ArrivalRow, StudentRow.anonymous_id, GradingRow.finished_at)
            .join(StudentRow, StudentRow.id == ArrivalRow.student_id)
            .outerjoin(GradingRow, GradingRow.id == ArrivalRow.published_id)
            .where(ArrivalRow.section_id == section_id, ArrivalRow.present)
        )
        found = [
            _standing(row, hidden if anonymous else None, at, assignment, adjustments)
            for row, hidden, at in rows
        ]
    return tuple(sorted(found, key=lambda each: (each.shown, each.attempt)))


def with_gradings(standings: Sequence[Standing], gradings: Mapping[str, int]) -> tuple[Standing, ...]:
    """Return `standings` as they would be if these gradings, by content, were published."""
    return tuple(
        replace(each, grading_id=None if each.sha256 is None else gradings.get(each.sha256, each.grading_id))
        for each in standings
    )


def publish(book: Gradebook, section_id: int, standings: Sequence[Standing]) -> None:
    """Make `standings` what the class is shown."""
    changed = [{"id": each.arrival_id, "published_id": each.grading_id} for each in standings]
    with book.writing() as session:
        if changed:
            session.execute(update(ArrivalRow), changed)
        session.execute(update(SectionRow).where(SectionRow.id == section_id).values(graded_at=now()))


def counting(book: Gradebook, standings: Sequence[Standing], assignment: Assignment) -> tuple[Standing, ...]:
    """Return one standing per student: of several attempts the one that the policy counts."""
    attempts: dict[str, list[Standing]] = {}
    for each in standings:
        attempts.setdefault(each.student, []).append(each)
    several = [each for group in attempts.values() if len(group) > 1 for each in group]
    if several and assignment.policy.attempts is Attempts.BEST:
        scores = {
            standing.arrival_id: -1.0 if report.error else report.score
            for standing, report in zip(several, final_reports(book, several, assignment), strict=True)
        }
    else:
        scores = dict.fromkeys((each.arrival_id for each in several), 0.0)
    return tuple(
        counting_attempt(
            sorted(group, key=lambda each: each.attempt),
            assignment.policy,
            score=lambda each: scores.get(each.arrival_id, 0.0),
        )
        for group in attempts.values()
    )


def final_reports(
    book: Gradebook, standings: Sequence[Standing], assignment: Assignment
) -> Iterator[SubmissionReport]:
    """Yield the final report of each standing, in order, few at a time in memory."""
    for start in range(0, len(standings), _AT_ONCE):
        some = standings[start : start + _AT_ONCE]
        with book.reading() as session:
            reports = _reports(session, {each.grading_id for each in some if each.grading_id is not None})
        for each in some:
            yield _final(each, reports.get(each.grading_id or 0), assignment)


def notebooks_of(book: Gradebook, grading_id: int) -> tuple[NotebookPage, ...]:
    """Return the executed notebooks of one grading."""
    with book.reading() as session:
        rows = session.scalars(
            select(NotebookRow).filter_by(grading_id=grading_id).order_by(NotebookRow.position)
        )
        return tuple(map(page_of, rows))


def hide_names(book: Gradebook, section_id: int, key: str, *, anonymous: bool | None = None) -> None:
    """Decide whether a section shows anonymous ids; they are made for all its students where it does.

    Parameters
    ----------
    key
        The course's secret. The same student has the same anonymous id in every homework.
    anonymous
        None leaves it as it was decided, and makes ids for who has come since.
    """
    with book.writing() as session:
        section = session.get_one(SectionRow, section_id)
        section.anonymous = section.anonymous if anonymous is None else anonymous
        if not section.anonymous:
            return
        unnamed = (
            select(StudentRow)
            .join(ArrivalRow, ArrivalRow.student_id == StudentRow.id)
            .where(ArrivalRow.section_id == section_id, StudentRow.anonymous_id.is_(None))
        )
        for student in session.scalars(unnamed).unique():
            student.anonymous_id = anonymous_id(student.id, key)


def anonymous_id(student: str, key: str) -> str:
    """Return a name that says nothing about the student to anyone without the key."""
    digest = hmac.digest(key.encode(), f"student {student}".encode("utf-8", "surrogatepass"), "sha256")
    return f"anon-{b32encode(digest).decode('ascii')[:_ANONYMOUS_LENGTH].lower()}"


def _standing(
    row: ArrivalRow,
    hidden: str | None,
    finished_at: datetime | None,
    assignment: Assignment,
    adjustments: Mapping[str, tuple[Adjustment, ...]],
) -> Standing:
    late = seconds_late(assignment.policy, row.submitted_at, row.late_seconds)
    at = row.submitted_at
    return Standing(
        arrival_id=row.id,
        candidate_id=row.candidate_id,
        student=row.student_id,
        shown=hidden or row.candidate_id,
        attempt=(row.attempt, at.timestamp() if at is not None else 0.0),
        sha256=row.sha256,
        grading_id=row.published_id,
        flags=row.flags,
        error=row.error if hidden is None else row.error.replace(row.candidate_id, hidden),
        days=days_charged(assignment.policy, late),
        adjustments=adjustments.get(row.student_id, ()),
        finished_at=finished_at,
    )


def _reports(session: Session, ids: set[int]) -> dict[int, SubmissionReport]:
    """Return the gradings of these ids as the checks earned them."""
    checks: dict[int, list[CheckResult]] = {}
    reports: dict[int, SubmissionReport] = {}
    for chunk in in_chunks(sorted(ids)):
        rows = session.execute(
            select(ResultRow.grading_id, *RESULT_COLUMNS)
            .where(ResultRow.grading_id.in_(chunk))
            .order_by(ResultRow.grading_id, ResultRow.position)
        )
        for grading_id, *values in rows:
            checks.setdefault(grading_id, []).append(check_of(values))
        for grading in session.scalars(select(GradingRow).where(GradingRow.id.in_(chunk))):
            reports[grading.id] = report_of("", grading, checks.pop(grading.id, ()))
    return reports


def _final(standing: Standing, graded: SubmissionReport | None, assignment: Assignment) -> SubmissionReport:
    if graded is None:
        graded = SubmissionReport("", "", 0.0, 0.0, "", 0.0, error=standing.error or NOT_YET)
    hidden = standing.shown != standing.candidate_id
    report = replace(
        graded,
        id=standing.shown,
        student="" if hidden else standing.student,
        attempt=standing.attempt[0],
        flags=(*flags_of(standing.flags), *graded.flags),
    )
    return final_report(report, standing.adjustments, standing.days, assignment)
