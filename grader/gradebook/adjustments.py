"""Points that people give and take: entered with who and why, never changed, kept across every regrade."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from grader.gradebook.claims import now
from grader.gradebook.database import Gradebook
from grader.gradebook.errors import UnknownStudent
from grader.gradebook.schema import AdjustmentRow, ArrivalRow, SectionRow, StudentRow
from grader.results import Adjustment


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit trail."""

    student: str
    adjustment: Adjustment


def adjust(book: Gradebook, assignment_id: str, student: str, adjustment: Adjustment) -> Entry:
    """Enter points for a student, named by id or anonymous id; who and why are kept, when is now.

    Raises
    ------
    UnknownStudent
        Nobody of that name has handed in this homework; the message names those who are called alike.
    """
    moment = now()
    with book.writing() as session:
        id = _student_id(session, assignment_id, student)
        session.execute(
            insert(AdjustmentRow).values(
                assignment_id=assignment_id,
                student_id=id,
                part=adjustment.part,
                points=adjustment.points,
                why=adjustment.why,
                who=adjustment.who,
                made_at=moment,
            )
        )
    return Entry(
        id,
        Adjustment(adjustment.part, adjustment.points, adjustment.why, adjustment.who, _written(moment)),
    )


def adjustments_of(session: Session, assignment_id: str) -> dict[str, tuple[Adjustment, ...]]:
    """Return by student what was adjusted in one homework, in the order it was done."""
    rows = session.scalars(
        select(AdjustmentRow).filter_by(assignment_id=assignment_id).order_by(AdjustmentRow.id)
    )
    found: dict[str, tuple[Adjustment, ...]] = {}
    for row in rows:
        entry = Adjustment(row.part, row.points, row.why, row.who, _written(row.made_at))
        found[row.student_id] = (*found.get(row.student_id, ()), entry)
    return found


def _student_id(session: Session, assignment_id: str, name: str) -> str:
    of_this_homework = (
        select(StudentRow.id)
        .join(ArrivalRow, ArrivalRow.student_id == StudentRow.id)
        .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
        .where(SectionRow.assignment_id == assignment_id)
        .distinct()
    )
    named = or_(StudentRow.id == name, StudentRow.anonymous_id == name)
    found = session.scalar(of_this_homework.where(named).limit(1))
    if found is not None:
        return found
    alike = difflib.get_close_matches(name, session.scalars(of_this_homework).all(), 3)
    meant = f"; did you mean {' or '.join(alike)}?" if alike else ""
    raise UnknownStudent(f"nobody called {name!r} has handed in {assignment_id}{meant}")


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
