"""Enter what arrived: who handed in which content; what is unchanged since the last look is not opened again."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grader.course.assignment import Assignment
from grader.gradebook.claims import now
from grader.gradebook.database import Gradebook
from grader.gradebook.insertion import add_missing, in_chunks
from grader.gradebook.rows import flag_values
from grader.gradebook.schema import ArrivalRow, SectionRow, StudentRow, SubmissionRow
from grader.intake import SubmissionUnreadable, read_contents
from grader.intake.arrivals import Arrival, Student
from grader.intake.whitelist import DEFAULT_CAPS
from grader.results import GRADER_FAILED, GRADER_FAULT, Flag

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Entered:
    """An arrival with the content it was found to have.

    Attributes
    ----------
    fingerprint
        Tells whether the file or folder is still what was read.
    sha256
        None where it cannot be read, and then `error` says why.
    """

    arrival: Arrival
    fingerprint: str
    sha256: str | None
    size: int
    flags: list[list[str]]
    error: str


def section_of(book: Gradebook, assignment_id: str, source: str) -> int:
    """Return the section for one homework and one folder, made at its first use."""
    found = find_section(book, assignment_id, source)
    if found is not None:
        return found
    values = {"assignment_id": assignment_id, "source": source, "graded_at": now(), "anonymous": False}
    try:
        with book.writing() as session:
            statement = insert(SectionRow).values(**values).returning(SectionRow.id)
            return session.execute(statement).scalar_one()
    except IntegrityError:  # another grader was first
        return section_of(book, assignment_id, source)


def find_section(book: Gradebook, assignment_id: str, source: str) -> int | None:
    """Return the section for one homework and one folder, if there is one."""
    with book.reading() as session:
        return session.scalar(select(SectionRow.id).filter_by(assignment_id=assignment_id, source=source))


def source_of_section(book: Gradebook, section_id: int) -> str:
    """Return the folder of a section."""
    with book.reading() as session:
        return session.scalars(select(SectionRow.source).filter_by(id=section_id)).one()


def look_at(
    book: Gradebook,
    section_id: int,
    arrivals: Sequence[Arrival],
    assignment: Assignment,
    engine: str,
    step: Step,
) -> tuple[Entered, ...]:
    """Find out the content of each arrival; a file that is as it was at the last look is not opened.

    Parameters
    ----------
    engine
        Version of the engine: another one may read the same file otherwise.
    step
        Called with each name when it is done.
    """
    with book.reading() as session:
        rows = session.execute(
            select(
                ArrivalRow.candidate_id,
                ArrivalRow.fingerprint,
                ArrivalRow.sha256,
                ArrivalRow.flags,
                ArrivalRow.error,
            ).where(ArrivalRow.section_id == section_id)
        )
        known = {row.candidate_id: row for row in rows}
    entered = []
    for arrival in arrivals:
        fingerprint = fingerprint_of(arrival.candidate.path, engine)
        row = known.get(arrival.candidate.id)
        if row is not None and row.fingerprint == fingerprint:
            entered.append(Entered(arrival, fingerprint, row.sha256, 0, row.flags, row.error))
        else:
            entered.append(_read(arrival, fingerprint, assignment))
        step(arrival.candidate.id)
    return tuple(entered)


def enter(book: Gradebook, section_id: int, entered: Sequence[Entered], *, drop: bool = True) -> None:
    """Write down what was found.

    Parameters
    ----------
    drop
        Whether arrivals that are not among it are no longer part of the section.
    """
    students = {each.arrival.student.id: each.arrival.student for each in entered}
    contents = {each.sha256: each.size for each in entered if each.sha256 is not None}
    with book.writing() as session:
        session.execute(select(SectionRow.id).filter_by(id=section_id).with_for_update())
        add_missing(
            session,
            StudentRow,
            StudentRow.id,
            {id: {"id": id, "name": "", "email": "", "lms_id": ""} for id in students},
        )
        add_missing(
            session,
            SubmissionRow,
            SubmissionRow.sha256,
            {
                sha256: {"sha256": sha256, "size": size, "first_seen": now()}
                for sha256, size in contents.items()
            },
        )
        _update_students(session, students)
        _update_arrivals(session, section_id, entered, drop=drop)


def fingerprint_of(path: Path, engine: str) -> str:
    """Return a digest of names, sizes and times below `path`, as one can have it without opening anything."""
    digest = hashlib.sha256(engine.encode())
    for name, status in islice(_statuses(path), DEFAULT_CAPS.entries):  # reading refuses more
        facts = (name, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        digest.update(repr(facts).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _statuses(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Walk below `path` in a fixed order, however deep; links are looked at and not followed."""
    try:
        yield str(path), path.stat()
    except OSError:
        return  # reading it will say what is wrong
    folders = [str(path)] if path.is_dir() else []
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                listed = sorted(entries, key=lambda each: each.name)
            for entry in listed:
                yield entry.path, entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        except OSError:
            continue


def _read(arrival: Arrival, fingerprint: str, assignment: Assignment) -> Entered:
    try:
        submission = read_contents(arrival.candidate, assignment)
    except SubmissionUnreadable as error:
        return Entered(arrival, fingerprint, None, 0, [], str(error))
    except Exception:  # one submission that breaks the reader must not cost the others theirs
        fault = Flag(GRADER_FAULT, traceback.format_exc())
        return Entered(arrival, fingerprint, None, 0, flag_values((fault,)), GRADER_FAILED)
    size = sum(map(len, submission.files.values()))
    return Entered(arrival, fingerprint, submission.sha256, size, flag_values(submission.flags), "")


def _update_students(session: Session, students: dict[str, Student]) -> None:
    """Take over what the platform says about people; what it does not say stays known."""
    names = ("name", "email", "lms_id")
    for chunk in in_chunks(list(students)):
        for row in session.scalars(select(StudentRow).where(StudentRow.id.in_(chunk))):
            for name in names:
                told = getattr(students[row.id], name)
                if told and told != getattr(row, name):
                    setattr(row, name, told)


def _update_arrivals(session: Session, section_id: int, entered: Sequence[Entered], *, drop: bool) -> None:
    rows = session.execute(
        select(ArrivalRow.candidate_id, ArrivalRow.id).where(ArrivalRow.section_id == section_id)
    )
    ids = {row.candidate_id: row.id for row in rows}
    new, changed = [], []
    for each in entered:
        known = ids.pop(each.arrival.candidate.id, None)
        values = _arrival_values(section_id, each)
        if known is None:
            new.append(values)
        else:
            changed.append(values | {"id": known})
    gone = [{"id": id, "present": False} for id in ids.values() if drop]
    if new:
        session.execute(insert(ArrivalRow), new)
    for rows_changed in (changed, gone):
        if rows_changed:
            session.execute(update(ArrivalRow), rows_changed)


def _arrival_values(section_id: int, entered: Entered) -> dict[str, Any]:
    arrival = entered.arrival
    return {
        "section_id": section_id,
        "student_id": arrival.student.id,
        "candidate_id": arrival.candidate.id,
        "fingerprint": entered.fingerprint,
        "attempt": arrival.attempt,
        "submitted_at": arrival.submitted_at,
        "late_seconds": arrival.late_seconds,
        "sha256": entered.sha256,
        "flags": entered.flags,
        "error": entered.error,
        "present": True,
    }
