"""What is added to results afterwards: points that people give and take, and flags that are found out later.

An adjustment is entered with who and why, never changed, and kept across every regrade.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook, UnknownStudent, now
from grader.gradebook.schema import (
    ADJUSTMENTS,
    ArrivalRow,
    GradingRow,
    SectionRow,
    StudentRow,
    columns_of,
    values_of,
)
from grader.results import Adjustment, Flag


def adjust(book: Gradebook, assignment_id: str, student: str, adjustment: Adjustment) -> Adjustment:
    """Enter points for a student, named by id or anonymous id; who and why are kept, when is now.

    Raises
    ------
    UnknownStudent
        Nobody of that name has handed in this assignment; the message names those who are called alike.
    """
    given = replace(adjustment, when=now().isoformat(timespec="seconds"))
    with book.writing() as session:
        whose = {"assignment_id": assignment_id, "student_id": _student_id(session, assignment_id, student)}
        session.execute(insert(ADJUSTMENTS).values(whose | values_of(given)))
    return given


def adjustments_of(session: Session, assignment_id: str) -> dict[str, tuple[Adjustment, ...]]:
    """Return by student what was adjusted in one assignment, in the order it was done."""
    found: dict[str, tuple[Adjustment, ...]] = {}
    rows = session.execute(
        select(ADJUSTMENTS.c.student_id, *columns_of(ADJUSTMENTS, Adjustment))
        .where(ADJUSTMENTS.c.assignment_id == assignment_id)
        .order_by(ADJUSTMENTS.c.id)
    )
    for student, *values in rows:
        found[student] = (*found.get(student, ()), Adjustment(*values))
    return found


def add_flag(book: Gradebook, grading_id: int, flag: Flag) -> None:
    """Let staff see one thing more about a grading."""
    with book.writing() as session:
        grading = session.get_one(GradingRow, grading_id)
        grading.flags = (*grading.flags, flag)


def not_flagged(book: Gradebook, grading_ids: Iterable[int], kinds: Collection[str]) -> list[int]:
    """Return those gradings that came to a result and have no flag of these kinds."""
    with book.reading() as session:
        rows = session.execute(
            select(GradingRow.id, GradingRow.flags)
            .where(GradingRow.id.in_(list(grading_ids)), GradingRow.error == "")
            .order_by(GradingRow.id)
        )
        return [id for id, flags in rows if not any(flag.kind in kinds for flag in flags)]


def _student_id(session: Session, assignment_id: str, name: str) -> str:
    of_this_assignment = (
        select(StudentRow.id)
        .join(ArrivalRow, ArrivalRow.student_id == StudentRow.id)
        .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
        .where(SectionRow.assignment_id == assignment_id)
        .distinct()
    )
    named = or_(StudentRow.id == name, StudentRow.anonymous_id == name)
    found = session.scalar(of_this_assignment.where(named).limit(1))
    if found is not None:
        return found
    alike = difflib.get_close_matches(name, session.scalars(of_this_assignment).all(), 3)
    meant = f"; did you mean {' or '.join(alike)}?" if alike else ""
    raise UnknownStudent(f"nobody called {name!r} has handed in {assignment_id}{meant}")
