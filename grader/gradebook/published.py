"""What a class is shown: which grading of each arrival, which attempt of each student, final reports, and pages."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Double, Text, select, type_coerce, update
from sqlalchemy.orm import Session

from grader.course.assignment import Assignment
from grader.course.policy import Attempts, counting_attempt
from grader.course.repository import Course, RepositoryError, load_settings
from grader.gradebook.database import Gradebook, insert_into, now
from grader.gradebook.decisions import Decisions, decisions_of, student_named
from grader.gradebook.final import Move, final_report, late_days, move_between, worth
from grader.gradebook.schema import (
    CODE,
    NOTEBOOKS,
    PAGE_FOLDERS,
    REPORT_COLUMNS,
    RESULTS,
    ArrivalRow,
    GradingRow,
    GradingState,
    KeyRow,
    PageRecord,
    SectionRow,
    StudentRow,
    columns_of,
    values_of,
)
from grader.results import (
    CheckResult,
    CodeText,
    Decision,
    Flag,
    NotebookPage,
    Outcome,
    Scope,
    SubmissionReport,
)

NOT_YET = "it has not been graded yet; grade the class again"

_BRIEF = ("id", "part", "scope", "outcome", "points", "max_points", "diagnosis")
"""Fields of a check that decide something; the others are read and shown."""

_SCOPES = {str(each): each for each in Scope}
_OUTCOMES = {str(each): each for each in Outcome}


def _brief_columns() -> list[ColumnElement[Any]]:
    """Return the columns of `_BRIEF` as they lie there: to turn each value by itself takes as long as all else."""
    numbers = {"points", "max_points"}
    return [type_coerce(RESULTS.c[name], Double() if name in numbers else Text()) for name in _BRIEF]


def _brief_check(
    id: str, part: str, scope: str, outcome: str, points: float, most: float, diagnosis: str
) -> CheckResult:
    return CheckResult(id, part, _SCOPES[scope], _OUTCOMES[outcome], points, most, "", diagnosis=diagnosis)


_AT_ONCE = 50
"""Reports read together: enough that the database is not asked a thousand times, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class Grading:
    """A grading as it is kept, apart from its checks: those are read when they are asked for."""

    id: int
    notebooks: int
    report: SubmissionReport


@dataclass(frozen=True, slots=True)
class Standing:
    """An arrival and the grading of it that is to be looked at.

    Attributes
    ----------
    days, left
        Those that lateness is charged with, and the late days of the term that there are for it.
    time_unknown
        Whether there is a due date and nobody tells when this came.
    student, member, shown
        The student's own id, who that is in people.csv, and the id that outputs use.
    sha256
        Of the content that is there now.
    published_id
        The grading that the class is shown now.
    grading
        None where there is no grading, as of an arrival that cannot be read.
    """

    arrival_id: int
    candidate_id: str
    student: str
    member: str
    shown: str
    attempt: tuple[int, float]
    sha256: str | None
    published_id: int | None = field(repr=False, compare=False)
    grading: Grading | None
    flags: tuple[Flag, ...]
    error: str
    days: int
    decisions: tuple[Decision, ...]
    left: int = 0
    time_unknown: bool = False

    @property
    def who(self) -> str:
        """The one student, whatever platforms call them."""
        return self.member or self.student

    @property
    def grading_id(self) -> int | None:
        """The grading's id."""
        return None if self.grading is None else self.grading.id

    @property
    def digest(self) -> str:
        """Changes whenever anything about the final report does."""
        return hashlib.sha256(repr(self).encode("utf-8", "backslashreplace")).hexdigest()


class ClassState:
    """One state of a class in the gradebook, from which everything about it is read.

    Parameters
    ----------
    session
        Reads; what others write meanwhile is not seen.
    left
        By student the late days of the term that are left for this assignment; None to find out.
    brief
        Whether checks are read without their words and figures: a class of a thousand has them by the ten thousands.
    """

    def __init__(
        self,
        session: Session,
        section_id: int,
        assignment: Assignment,
        left: Callable[[str], int] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self._left = left or days_left(session, assignment)
        self._brief = brief
        self.section_id = section_id
        self.assignment = assignment
        self._session = session
        self._gradings: dict[int, Grading] = {}

    def standings(self, gradings: Mapping[str, int] | None = None) -> tuple[Standing, ...]:
        """Return the standing of every arrival that is present, in the order outputs list them.

        Parameters
        ----------
        gradings
            By content: as if these were published. Without them, as it is published.
        """
        chosen = [_grading_of(row, gradings or {}) for row, *_ in self._arrivals]
        self._load({id for id in chosen if id is not None} - self._gradings.keys())
        found = [
            self._standing(row, hidden, member, None if id is None else self._gradings[id])
            for (row, hidden, member), id in zip(self._arrivals, chosen, strict=True)
        ]
        return tuple(sorted(found, key=lambda each: (each.shown, each.attempt)))

    def counting(self, standings: Sequence[Standing]) -> tuple[Standing, ...]:
        """Return one standing per student: of several attempts the one that the policy counts."""
        policy = self.assignment.policy
        attempts: dict[str, list[Standing]] = {}
        for each in sorted(standings, key=lambda each: each.attempt):
            attempts.setdefault(each.who, []).append(each)
        unclear = [
            group for group in attempts.values() if len(group) > 1 and policy.attempts is Attempts.BEST
        ]
        several = [each for group in unclear for each in group]
        reports = zip(several, self.reports(several), strict=True)
        scores = {each.arrival_id: worth(report) for each, report in reports}
        counting = [
            counting_attempt(group, policy, score=lambda each: scores.get(each.arrival_id, 0.0))
            for group in attempts.values()
        ]
        return tuple(sorted(counting, key=lambda each: each.shown))

    def reports(self, standings: Sequence[Standing]) -> Iterator[SubmissionReport]:
        """Yield the final report of each standing, in order, few at a time in memory; notebooks are left out."""
        for start in range(0, len(standings), _AT_ONCE):
            some = standings[start : start + _AT_ONCE]
            checks = self.checks({each.grading_id for each in some if each.grading_id is not None})
            for each in some:
                yield final_of(each, checks.get(each.grading_id or 0, ()), self.assignment)

    def regraded(self) -> dict[str, int]:
        """Return by content the newest gradings of the kind that is shown: what a regrade found, published or not."""
        shown = (
            select(KeyRow.options)
            .join(GradingRow, GradingRow.key_id == KeyRow.id)
            .join(ArrivalRow, ArrivalRow.published_id == GradingRow.id)
            .where(ArrivalRow.section_id == self.section_id)
        )
        key = (
            select(KeyRow.id)
            .where(KeyRow.assignment_id == self.assignment.id, KeyRow.options.in_(shown))
            .order_by(KeyRow.last_used.desc(), KeyRow.id.desc())
            .limit(1)
        )
        rows = self._session.execute(
            select(GradingRow.sha256, GradingRow.id)
            .where(GradingRow.key_id.in_(key), GradingRow.state == GradingState.DONE, GradingRow.error == "")
            .order_by(GradingRow.serial)
        )
        return {row.sha256: row.id for row in rows}

    def notebooks(self, standing: Standing) -> tuple[NotebookPage, ...]:
        """Return the executed notebooks of a submission, which are large: nobody holds those of a class at once."""
        if standing.grading is None or not standing.grading.notebooks:
            return ()
        rows = self._session.execute(
            select(*columns_of(NOTEBOOKS, NotebookPage))
            .where(NOTEBOOKS.c.grading_id == standing.grading_id)
            .order_by(NOTEBOOKS.c.position)
        )
        return tuple(NotebookPage(*row) for row in rows)

    def code(self, standing: Standing) -> tuple[CodeText, ...]:
        """Return what was written in a submission; nothing of one that an older version graded."""
        rows = self._session.execute(
            select(*columns_of(CODE, CodeText))
            .where(CODE.c.grading_id == standing.grading_id)
            .order_by(CODE.c.position)
        )
        return tuple(CodeText(*row) for row in rows)

    def pages(self, folder: Path) -> PageRecord:
        """Return what was remembered of the pages in a folder."""
        name = str(folder.resolve())
        row = self._session.execute(select(PAGE_FOLDERS).where(PAGE_FOLDERS.c.folder == name)).one_or_none()
        return PageRecord(name) if row is None else PageRecord(*row)

    @cached_property
    def _arrivals(self) -> list[tuple[ArrivalRow, str | None, str]]:
        """Each arrival that is present, the id that is shown instead of its own, and who handed it in."""
        rows = self._session.execute(
            select(ArrivalRow, StudentRow.anonymous_id, SectionRow.anonymous, StudentRow.member)
            .join(StudentRow, StudentRow.id == ArrivalRow.student_id)
            .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
            .where(ArrivalRow.section_id == self.section_id, ArrivalRow.present)
        )
        return [(row, hidden if anonymous else None, member) for row, hidden, anonymous, member in rows]

    @cached_property
    def _decisions(self) -> dict[str, tuple[Decision, ...]]:
        students = {member or row.student_id for row, _, member in self._arrivals}
        return decisions_of(self._session, self.assignment.id).by_student(students)

    def _load(self, ids: Set[int]) -> None:
        if ids:
            for row in self._session.scalars(select(GradingRow).where(GradingRow.id.in_(ids))):
                kept = {name: getattr(row, name) for name in REPORT_COLUMNS}
                report = SubmissionReport(id="", sha256=row.sha256, **kept)
                self._gradings[row.id] = Grading(row.id, row.notebook_count, report)

    def checks(self, ids: Set[int]) -> dict[int, list[CheckResult]]:
        """Return the checks of gradings."""
        found: dict[int, list[CheckResult]] = {}
        if not ids:
            return found
        columns = _brief_columns() if self._brief else columns_of(RESULTS, CheckResult)
        rows = self._session.execute(
            select(RESULTS.c.grading_id, *columns)
            .where(RESULTS.c.grading_id.in_(ids))
            .order_by(RESULTS.c.grading_id, RESULTS.c.position)
        )
        make = cache(_brief_check) if self._brief else CheckResult  # a class has few that differ
        for grading_id, *values in rows.all():
            found.setdefault(grading_id, []).append(make(*values))
        return found

    def _standing(
        self, row: ArrivalRow, hidden: str | None, member: str, grading: Grading | None
    ) -> Standing:
        at, policy = row.submitted_at, self.assignment.policy
        return Standing(
            arrival_id=row.id,
            candidate_id=row.candidate_id,
            student=row.student_id,
            member=member,
            shown=hidden or row.candidate_id,
            attempt=(row.attempt, at.timestamp() if at is not None else 0.0),
            sha256=row.sha256,
            published_id=row.published_id,
            grading=grading,
            flags=row.flags,
            error=row.error if hidden is None else row.error.replace(row.candidate_id, hidden),
            days=late_days(policy, at, row.late_seconds),
            decisions=self._decisions[member or row.student_id],
            left=self._left(member or row.student_id),
            time_unknown=policy.due is not None and at is None and row.late_seconds is None,
        )


def days_left(session: Session, assignment: Assignment) -> Callable[[str], int]:
    """Return what says by student how many late days of the term are left for an assignment.

    What was published of those that are due before it has used up the others; of a class that is shown in several
    folders the one that used most counts.
    """
    try:
        course = Course.open(assignment.folder)
        total = load_settings(course.root).late_days
    except RepositoryError:  # an assignment without a course around it
        total = 0
    if not total or assignment.policy.due is None:
        return lambda _student: 0
    due = (assignment.policy.due, assignment.id)
    others = (course.load(name) for name in course.assignment_ids if name != assignment.id)
    dated = sorted(((each.policy.due, each.id), each) for each in others if each.policy.due is not None)
    spent: Counter[str] = Counter()

    def left(student: str) -> int:
        return max(total - spent[student], 0)

    for earlier in (each for moment, each in dated if moment < due):
        spent += _spent(session, earlier, left)
    return left


def _spent(session: Session, assignment: Assignment, left: Callable[[str], int]) -> Counter[str]:
    sections = session.scalars(
        select(SectionRow.id).where(
            SectionRow.assignment_id == assignment.id, SectionRow.published_at.is_not(None)
        )
    )
    most: Counter[str] = Counter()
    for section_id in sections.all():
        state = ClassState(session, section_id, assignment, left)
        counting = state.counting(state.standings())
        most |= Counter(
            {
                each.who: report.free_days
                for each, report in zip(counting, state.reports(counting), strict=True)
            }
        )
    return most


@contextmanager
def read_class(book: Gradebook, section_id: int, assignment: Assignment) -> Iterator[ClassState]:
    """Yield the state of a class at this moment, for as long as the block runs."""
    with book.reading() as session:
        yield ClassState(session, section_id, assignment)


def effects_of(
    book: Gradebook, assignment: Assignment, folder: Path, entries: Sequence[tuple[str | None, Decision]]
) -> tuple[Move, ...] | None:
    """Return what each student of the class that is shown in a folder has, and would have with further decisions.

    Parameters
    ----------
    entries
        Each about a student, by id or anonymous id, or about all, as `decide` takes them.

    Returns
    -------
    moves
        In the order in which the class is listed; None where the folder shows no class of the assignment.

    Raises
    ------
    UnknownStudent
        Nobody of that name has handed in this assignment.
    """
    section_id = section_shown_in(book, assignment.id, folder)
    if section_id is None:
        return None
    with book.reading() as session:
        named = [
            (None if name is None else student_named(session, assignment.id, name).who, each)
            for name, each in entries
        ]
        state = ClassState(session, section_id, assignment)
        before = state.counting(state.standings())
        later = [(student, replace(each, number=-1)) for student, each in named]  # entered, but not kept
        decided = Decisions((*decisions_of(session, assignment.id).entered, *later))
        mine = decided.by_student({each.who for each in before})
        after = [replace(each, decisions=mine[each.who]) for each in before]
        return tuple(map(move_between, state.reports(before), state.reports(after)))


def publish(
    book: Gradebook, section_id: int, standings: Iterable[Standing], pages: PageRecord | None = None
) -> None:
    """Make `standings` what the class is shown, and remember the pages that show it, in one transaction.

    Parameters
    ----------
    pages
        As written before this is called; None where they are as they were remembered.
    """
    changed = [
        {"id": each.arrival_id, "published_id": each.grading_id}
        for each in standings
        if each.published_id != each.grading_id
    ]
    with book.writing() as session:
        if changed:
            section = update(SectionRow).where(SectionRow.id == section_id)
            session.execute(section.values(published_at=now()))
            session.execute(update(ArrivalRow), changed)
        if pages is not None:
            insert = insert_into(session, PAGE_FOLDERS).values(values_of(pages))
            session.execute(
                insert.on_conflict_do_update(index_elements=["folder"], set_=dict(insert.excluded))
            )


def section_shown_in(book: Gradebook, assignment_id: str, folder: Path) -> int | None:
    """Return the section of an assignment whose pages are in `folder`, if there is one."""
    with book.reading() as session:
        return session.scalar(
            select(PAGE_FOLDERS.c.section_id)
            .join(SectionRow, SectionRow.id == PAGE_FOLDERS.c.section_id)
            .where(PAGE_FOLDERS.c.folder == str(folder.resolve()), SectionRow.assignment_id == assignment_id)
        )


def source_shown_in(book: Gradebook, folder: Path) -> tuple[str, str] | None:
    """Return the assignment and the source of the class whose pages are in `folder`, if this gradebook knows of one."""
    with book.reading() as session:
        found = session.execute(
            select(SectionRow.assignment_id, SectionRow.source)
            .join(PAGE_FOLDERS, PAGE_FOLDERS.c.section_id == SectionRow.id)
            .where(PAGE_FOLDERS.c.folder == str(folder.resolve()))
        ).one_or_none()
    return None if found is None else (found[0], found[1])


@dataclass(frozen=True, slots=True)
class PublishedClass:
    """A class that has published scores, and under what it was graded.

    Attributes
    ----------
    source
        What the gradebook calls its submissions.
    folder
        Where its pages are; empty where it has none.
    options
        Those of its `GradingRequest`.
    """

    assignment: str
    source: str
    anonymous: bool
    folder: str
    options: str


def published_classes(book: Gradebook) -> tuple[PublishedClass, ...]:
    """Return every class with published scores, each with the options of its latest grading that is shown."""
    columns = (
        SectionRow.assignment_id,
        SectionRow.source,
        SectionRow.anonymous,
        PAGE_FOLDERS.c.folder,
        KeyRow.options,
    )
    query = (
        select(SectionRow.id, *columns)
        .join(ArrivalRow, ArrivalRow.section_id == SectionRow.id)
        .join(GradingRow, GradingRow.id == ArrivalRow.published_id)
        .join(KeyRow, KeyRow.id == GradingRow.key_id)
        .outerjoin(PAGE_FOLDERS, PAGE_FOLDERS.c.section_id == SectionRow.id)
        .order_by(SectionRow.id, KeyRow.last_used)
    )
    with book.reading() as session:
        latest = {
            row[0]: PublishedClass(row[1], row[2], row[3], row[4] or "", row[5])
            for row in session.execute(query)
        }
    return tuple(latest.values())


def _grading_of(row: ArrivalRow, gradings: Mapping[str, int]) -> int | None:
    """Return the grading to be looked at; content that cannot be read has none."""
    return None if row.sha256 is None else gradings.get(row.sha256, row.published_id)


def final_of(standing: Standing, checks: Sequence[CheckResult], assignment: Assignment) -> SubmissionReport:
    """Return the final report of what stands, with these checks."""
    if standing.grading is None:
        graded = SubmissionReport("", "", 0.0, 0.0, "", 0.0, error=standing.error or NOT_YET)
    else:
        graded = standing.grading.report
    hidden = standing.shown != standing.candidate_id
    report = replace(
        graded,
        id=standing.shown,
        checks=tuple(checks),
        student="" if hidden else standing.student,
        member="" if hidden else standing.member,
        attempt=standing.attempt[0],
        flags=(*standing.flags, *graded.flags),
        time_unknown=standing.time_unknown,
    )
    return final_report(report, standing.decisions, standing.days, assignment, left=standing.left)
