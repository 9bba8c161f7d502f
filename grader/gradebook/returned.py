"""What students were given, where and when: written before it leaves, so that no run sends it twice.

A run that is killed leaves an intent behind. The next one finds it, asks the place, and only then sends again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook, insert_into, now
from grader.gradebook.published import section_shown_in
from grader.gradebook.schema import ReturnRow, SectionRow


@dataclass(frozen=True, slots=True)
class Returned:
    """What a student was given, or was about to be.

    Attributes
    ----------
    content
        Its digest.
    sent_at
        None where nobody here knows whether it arrived.
    """

    content: str
    intended_at: datetime
    sent_at: datetime | None = None


class ReturnLedger:
    """What the students of an assignment were given in one place.

    Parameters
    ----------
    place
        Whatever tells one place from another: a platform and the address there.
    """

    def __init__(self, book: Gradebook, assignment_id: str, place: str) -> None:
        self._book = book
        self._key = {"assignment_id": assignment_id, "place": place}
        with book.reading() as session:
            rows = session.scalars(select(ReturnRow).filter_by(**self._key))
            self.known = {
                each.student_id: Returned(each.content, each.intended_at, each.sent_at) for each in rows
            }

    def intend(self, contents: Mapping[str, str]) -> set[str]:
        """Write down what students are about to be given; return those who are not being given anything elsewhere."""
        with self._book.writing() as session:
            return {student for student, content in contents.items() if self._take(session, student, content)}

    def confirm(self, students: Iterable[str]) -> None:
        """Write down that what was intended has arrived."""
        with self._book.writing() as session:
            for each in students:
                session.execute(
                    update(ReturnRow).filter_by(**self._key, student_id=each).values(sent_at=now())
                )

    def forget(self, students: Iterable[str]) -> None:
        """Write down that what was intended did not arrive."""
        with self._book.writing() as session:
            for each in students:
                session.execute(delete(ReturnRow).filter_by(**self._key, student_id=each))

    def _take(self, session: Session, student: str, content: str) -> bool:
        """Enter an intent unless another run has entered one since this one began."""
        known, moment = self.known.get(student), now()
        new = {"content": content, "intended_at": moment, "sent_at": None}
        if known is None:
            row = insert_into(session, ReturnRow).values(**self._key, student_id=student, **new)
            taken = session.scalar(row.on_conflict_do_nothing().returning(ReturnRow.student_id))
        else:
            as_it_was = update(ReturnRow).filter_by(
                **self._key, student_id=student, intended_at=known.intended_at
            )
            taken = session.scalar(as_it_was.values(**new).returning(ReturnRow.student_id))
        if taken is not None:
            self.known[student] = Returned(content, moment)
        return taken is not None


def open_to_students(book: Gradebook, assignment_id: str, folder: Path) -> None:
    """Let the results of the class that is shown in a folder go to its students; until then they are a draft."""
    section_id = section_shown_in(book, assignment_id, folder)
    with book.writing() as session:
        session.execute(update(SectionRow).where(SectionRow.id == section_id).values(opened_at=now()))


def is_open_to_students(book: Gradebook, section_id: int) -> bool:
    """Say whether the results of a class may go to its students."""
    with book.reading() as session:
        return session.get_one(SectionRow, section_id).opened_at is not None
