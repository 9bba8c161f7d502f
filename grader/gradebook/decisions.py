"""What is added to results afterwards: what people decide, and flags that are found out later.

A decision is entered with who, when and why, never changed, and kept across every regrade. Another undoes it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook, UnknownStudent, now
from grader.gradebook.schema import (
    DECISIONS,
    ArrivalRow,
    GradingRow,
    SectionRow,
    StudentRow,
    columns_of,
    values_of,
)
from grader.intake.arrivals import Person
from grader.results import Decision, DecisionKind, Flag


def decide(
    book: Gradebook, assignment_id: str, decisions: Sequence[tuple[str | None, Decision]]
) -> tuple[Decision, ...]:
    """Enter decisions together, each about a student, named by id or anonymous id, or about all; when is now.

    Returns
    -------
    decisions
        As they were entered, with the number that they share.

    Raises
    ------
    UnknownStudent
        Nobody of that name has handed in this assignment; the message names those who are called alike.
    """
    when = now().isoformat(timespec="seconds")
    with book.writing() as session:
        rows = [
            {
                "assignment_id": assignment_id,
                "student_id": None if name is None else student_id(session, assignment_id, name),
                **values_of(replace(each, when=when)),
            }
            for name, each in decisions
        ]
        # The first row's own number is free for all of them, whoever else enters something meanwhile.
        entered = insert(DECISIONS).returning(DECISIONS.c.id)
        ids = [session.execute(entered, row).scalar_one() for row in rows]
        session.execute(update(DECISIONS).where(DECISIONS.c.id.in_(ids)).values(number=ids[0]))
    return tuple(replace(each, when=when, number=ids[0]) for _, each in decisions)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided in one assignment, in order; of each, whom it is about, None for all."""

    entered: tuple[tuple[str | None, Decision], ...]

    @property
    def counting(self) -> tuple[tuple[str | None, Decision], ...]:
        """What no later decision that counts itself has undone."""
        undone: set[int] = set()
        for _, each in reversed(self.entered):
            if each.kind is DecisionKind.UNDO and each.number not in undone:
                undone.add(each.undoes)
        return tuple(
            (student, each)
            for student, each in self.entered
            if each.number not in undone and each.kind is not DecisionKind.UNDO
        )

    def by_student(self, students: Iterable[str]) -> dict[str, tuple[Decision, ...]]:
        """Return by student what counts for each."""
        found: dict[str, list[Decision]] = {student: [] for student in students}
        for student, each in self.counting:
            for about in found if student is None else {student} & found.keys():
                found[about].append(each)
        return {student: tuple(each) for student, each in found.items()}


def decisions_of(session: Session, assignment_id: str) -> Decisions:
    """Return what was decided in one assignment."""
    rows = session.execute(
        select(DECISIONS.c.student_id, *columns_of(DECISIONS, Decision))
        .where(DECISIONS.c.assignment_id == assignment_id)
        .order_by(DECISIONS.c.id)
    )
    return Decisions(tuple((student, Decision(*values)) for student, *values in rows))


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


def handed_in(book: Gradebook, assignment_id: str) -> list[Person]:
    """Return who has handed in an assignment, by whatever a platform said of them."""
    with book.reading() as session:
        rows = session.scalars(
            select(StudentRow)
            .where(
                StudentRow.id.in_(
                    select(ArrivalRow.student_id)
                    .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
                    .where(SectionRow.assignment_id == assignment_id, ArrivalRow.present)
                )
            )
            .order_by(StudentRow.id)
        )
        return [Person(each.id, each.name, each.email, each.lms_id) for each in rows]


def student_id(session: Session, assignment_id: str, name: str) -> str:
    """Return the id of a student who handed in an assignment, named by it or by the anonymous one.

    Raises
    ------
    UnknownStudent
        Nobody of that name has; the message names those who are called alike.
    """
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
    known = session.scalars(of_this_assignment).all()
    raise UnknownStudent(f"nobody called {name!r} has handed in {assignment_id}{did_you_mean(name, known)}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about a name that is not known: those that are called alike, if any are."""
    alike = difflib.get_close_matches(name, list(known), 3)
    return f"; did you mean {' or '.join(alike)}?" if alike else ""
