"""Register what arrived: who handed in which content, what of it has a result, and what this run grades first."""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Insert, func, select, update
from sqlalchemy.orm import Session

from grader.gradebook.claims import Claim, ClaimStore, GradingKey, Status, rows_under, status_of
from grader.gradebook.database import Gradebook, insert_into, now
from grader.gradebook.schema import (
    ArrivalRow,
    GradingState,
    KeyRow,
    SectionRow,
    StudentRow,
    columns_of,
    values_of,
)
from grader.results import Flag

if TYPE_CHECKING:
    from grader.intake.arrivals import Arrival, Person

_ANONYMOUS_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Section:
    """Submissions that are graded and shown together: those of one folder, for one assignment."""

    assignment_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a file or folder was found to hold.

    Attributes
    ----------
    fingerprint
        Tells whether the file or folder is still what was read.
    sha256
        None where it cannot be read, and then `error` says why.
    flags
        What staff should see about how it was packed.
    """

    fingerprint: str
    sha256: str | None
    flags: tuple[Flag, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """An arrival with the content it was found to have."""

    arrival: Arrival
    content: Content


@dataclass(frozen=True, slots=True)
class GradingRequest:
    """What a run asks for: a key of gradings that is not yet looked up.

    Attributes
    ----------
    version, engine
        Of the assignment, and of what judges.
    options
        What the run was asked for, as far as it changes results.
    fresh
        Whether to grade anew what has been graded. Two such runs that begin while neither has
        finished anything share their work.
    """

    version: str
    engine: str
    options: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class FirstClaims:
    """What of a class to claim while it is registered: the first few of `wanted` that nobody has graded or in work."""

    store: ClaimStore
    wanted: Sequence[str]
    most: int


@dataclass(frozen=True, slots=True)
class Registered:
    """A class as the gradebook has it now.

    Attributes
    ----------
    finished
        By content the gradings that count.
    claims
        By content what was claimed for this run.
    """

    section_id: int
    key: GradingKey
    finished: Mapping[str, int]
    claims: Mapping[str, Claim] = field(default_factory=dict)


def known_arrivals(book: Gradebook, section: Section) -> dict[str, Content]:
    """Return what was found in each submission of a section when it was registered last."""
    with book.reading() as session:
        rows = session.execute(
            select(ArrivalRow.candidate_id, *columns_of(ArrivalRow, Content))
            .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
            .where(SectionRow.assignment_id == section.assignment_id, SectionRow.source == section.source)
        )
        return {id: Content(*found) for id, *found in rows}


def register(
    book: Gradebook,
    section: Section,
    received: Sequence[Received],
    request: GradingRequest,
    *,
    course_key: str,
    anonymous: bool | None = None,
    gone: Collection[str] = (),
    key: GradingKey | None = None,
    first: FirstClaims | None = None,
) -> Registered:
    """Write down what was found, in one transaction, and look up what of it has a result.

    Parameters
    ----------
    course_key
        Makes the ids under which submissions are shown to graders who do not know names.
    anonymous
        Whether those ids are shown from now on; None leaves that as it is.
    gone
        Candidates that are no longer part of the section.
    key
        Of a run that goes on; without it one begins now.
    """
    with book.writing() as session:
        section_id = _section(session, section, anonymous)
        _write_students(session, [each.arrival.student for each in received], course_key)
        _write_arrivals(session, section_id, received)
        if gone:
            theirs = ArrivalRow.section_id == section_id, ArrivalRow.candidate_id.in_(gone)
            session.execute(update(ArrivalRow).where(*theirs).values(present=False))
        moment = now()
        key_id = key.id if key else _key_id(session, section.assignment_id, request, moment)
        rows = rows_under(session, key_id)
        key = key or _key(key_id, rows, moment, fresh=request.fresh)
        status = status_of(rows, key, moment)
        claims = _claim_first(session, key, first, status) if first else {}
    return Registered(section_id, key, status.finished, claims)


def anonymous_id(student: str, key: str) -> str:
    """Return a name that says nothing about the student to anyone without the key."""
    digest = hmac.digest(key.encode(), f"student {student}".encode("utf-8", "surrogatepass"), "sha256")
    return f"anon-{b32encode(digest).decode('ascii')[:_ANONYMOUS_LENGTH].lower()}"


def _section(session: Session, section: Section, anonymous: bool | None) -> int:
    insert = insert_into(session, SectionRow).values(
        assignment_id=section.assignment_id, source=section.source, anonymous=bool(anonymous)
    )
    # Written also where nothing changes, for the lock that `SectionRow` speaks of.
    anonymous_now = SectionRow.anonymous if anonymous is None else anonymous
    return session.scalars(
        insert.on_conflict_do_update(
            index_elements=[SectionRow.assignment_id, SectionRow.source], set_={"anonymous": anonymous_now}
        ).returning(SectionRow.id)
    ).one()


def _write_students(session: Session, students: Sequence[Person], course_key: str) -> None:
    """Take over what the platform says about people, which stays known where it says nothing, and who they are."""
    rows = {
        each.id: values_of(each) | {"anonymous_id": anonymous_id(each.id, course_key)} for each in students
    }
    insert = insert_into(session, StudentRow)
    told: dict[str, ColumnElement[Any]] = {
        name: func.coalesce(func.nullif(insert.excluded[name], ""), getattr(StudentRow, name))
        for name in ("name", "email", "lms_id")
    }
    told["member"] = insert.excluded["member"]
    _write(session, insert.on_conflict_do_update(index_elements=[StudentRow.id], set_=told), rows)


def _write_arrivals(session: Session, section_id: int, received: Sequence[Received]) -> None:
    rows = {
        each.arrival.candidate.id: {
            "section_id": section_id,
            "candidate_id": each.arrival.candidate.id,
            "student_id": each.arrival.student.id,
            "attempt": each.arrival.attempt,
            "submitted_at": each.arrival.submitted_at,
            "late_seconds": each.arrival.late_seconds,
            "present": True,
            **values_of(each.content),
        }
        for each in received
    }
    insert = insert_into(session, ArrivalRow)
    same = "section_id", "candidate_id"
    found = {
        column.name: column for column in insert.excluded if column.name not in {*same, "id", "published_id"}
    }
    _write(session, insert.on_conflict_do_update(index_elements=same, set_=found), rows)


def _write(session: Session, statement: Insert, rows: Mapping[str, dict[str, Any]]) -> None:
    """Write rows in one statement; in one order, so that two runs never wait for each other's in a circle."""
    if rows:
        session.execute(statement, [rows[each] for each in sorted(rows)])


def _key_id(session: Session, assignment_id: str, request: GradingRequest, moment: datetime) -> int:
    names = {name: getattr(request, name) for name in ("version", "engine", "options")}
    insert = insert_into(session, KeyRow).values(assignment_id=assignment_id, last_used=moment, **names)
    # Its lock lets two runs claim their first submissions one after the other, and not wait for each other's in a
    # circle. Setting a column of the key itself would take a stronger lock, for which every claim has to wait.
    known = insert.on_conflict_do_update(
        index_elements=["assignment_id", *names], set_={"last_used": insert.excluded["last_used"]}
    )
    return session.scalars(known.returning(KeyRow.id)).one()


def _key(id: int, rows: Iterable[Any], moment: datetime, *, fresh: bool) -> GradingKey:
    """Return the key of a run that begins at `moment`."""
    last = max((row.serial for row in rows if row.state is GradingState.DONE), default=-1)
    serial = max(last + fresh, 0)
    return GradingKey(id, serial, serial if fresh else 0, moment)


def _claim_first(session: Session, key: GradingKey, first: FirstClaims, status: Status) -> dict[str, Claim]:
    claims: dict[str, Claim] = {}
    for sha256 in first.wanted:
        if len(claims) == first.most:
            break
        if sha256 in status.finished or sha256 in status.busy:
            continue
        if claim := first.store.claim_within(session, sha256, key):
            claims[sha256] = claim
    return claims
