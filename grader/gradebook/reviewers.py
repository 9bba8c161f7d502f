"""Who is looking at whose submission: remembered for moments, so that two people do not do the same work."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook, insert_into, now
from grader.gradebook.schema import REVIEWERS

PRESENT = timedelta(seconds=30)
"""How long after their last sign somebody is taken to be looking."""


def mark_looking(book: Gradebook, assignment_id: str, name: str, student: str | None) -> None:
    """Remember what somebody looks at now; None for no submission."""
    with book.writing() as session:
        insert = insert_into(session, REVIEWERS).values(
            assignment_id=assignment_id, name=name, student_id=student, at=now()
        )
        found = {"student_id": insert.excluded.student_id, "at": insert.excluded.at}
        session.execute(insert.on_conflict_do_update(index_elements=["assignment_id", "name"], set_=found))


def looking(session: Session, assignment_id: str) -> dict[str, str]:
    """Return by name the students whose submissions people look at now."""
    of = REVIEWERS.c
    rows = session.execute(
        select(of.name, of.student_id).where(
            of.assignment_id == assignment_id, of.student_id.is_not(None), of.at > now() - PRESENT
        )
    )
    return {row.name: row.student_id for row in rows}
