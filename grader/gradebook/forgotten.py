"""Remove a student from a gradebook: who they are, what they handed in, its results and text, and what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook
from grader.gradebook.errors import UnknownStudent
from grader.gradebook.schema import PAGE_FOLDERS, WHO, ArrivalRow, Base, GradingRow, SectionRow, StudentRow


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Where something of a student lies, and under which names it was registered: its candidate and its student."""

    assignment: str
    source: str
    candidates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Forgettable:
    """What a gradebook holds of one student.

    Attributes
    ----------
    ids
        What downloads call them.
    member
        Who they are in people.csv; empty where that is not known.
    names
        Everything that a page or a note may call them by.
    rows
        By table how many rows are about them alone.
    folders
        Of pages that show them, each with its assignment.
    """

    ids: frozenset[str]
    member: str
    names: frozenset[str]
    rows: Mapping[str, int]
    handed_in: tuple[HandedIn, ...]
    folders: tuple[tuple[str, Path], ...]


def forgettable(book: Gradebook, name: str) -> Forgettable:
    """Return what there is of a student, named by an id, an anonymous one or as people.csv does.

    Raises
    ------
    UnknownStudent
        Nobody of that name is in it.
    """
    with book.reading() as session:
        return _found(session, name)


def forget(book: Gradebook, name: str) -> Forgettable:
    """Remove a student, and every result of a content that nobody else handed in; return what there was.

    What was kept of their earlier attempts goes, too: no arrival has those contents any more, whoever's they were.
    """
    with book.writing() as session:
        if book.engine.dialect.name == "sqlite":
            session.execute(text("PRAGMA secure_delete = ON"))
        found = _found(session, name)
        for table in reversed(Base.metadata.sorted_tables):
            for column in table.columns:
                if any(key.column.table.name == "students" for key in column.foreign_keys):
                    session.execute(delete(table).where(column.in_(found.ids)))
        session.execute(delete(StudentRow).where(StudentRow.id.in_(found.ids)))
        session.execute(delete(GradingRow).where(GradingRow.id.in_(_orphans(session, frozenset()))))
    return found


def _found(session: Session, name: str) -> Forgettable:
    named = or_(StudentRow.id == name, StudentRow.anonymous_id == name, StudentRow.member == name)
    who = session.scalar(select(WHO).where(named).order_by(StudentRow.id != name).limit(1))
    if who is None:
        raise UnknownStudent(
            f"nobody in the gradebook is called {name!r}; name an id of grades.json or people.csv"
        )
    students = session.scalars(select(StudentRow).where(who == WHO)).all()
    ids = frozenset(each.id for each in students)
    arrivals = session.execute(
        select(ArrivalRow.candidate_id, SectionRow.id, SectionRow.assignment_id, SectionRow.source)
        .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
        .where(ArrivalRow.student_id.in_(ids))
    ).all()
    sections = {row.id: (row.assignment_id, row.source) for row in arrivals}
    folders = session.execute(
        select(PAGE_FOLDERS.c.section_id, PAGE_FOLDERS.c.folder).where(
            PAGE_FOLDERS.c.section_id.in_(sections)
        )
    ).all()
    called = {
        word for each in students for word in (each.id, each.name, each.email, each.member, each.anonymous_id)
    }
    handed_in = tuple(
        HandedIn(*place, frozenset(row.candidate_id for row in arrivals if row.id == section))
        for section, place in sections.items()
    )
    return Forgettable(
        ids,
        next((each.member for each in students), ""),
        frozenset(called | {row.candidate_id for row in arrivals}) - {""},
        _rows(session, ids),
        handed_in,
        tuple((sections[section][0], Path(folder)) for section, folder in folders),
    )


def _rows(session: Session, ids: frozenset[str]) -> dict[str, int]:
    """Count by table the rows that are about these students."""
    count: Counter[str] = Counter(students=len(ids), gradings=len(_orphans(session, ids)))
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "students" for key in column.foreign_keys):
                rows = select(func.count()).select_from(table).where(column.in_(ids))
                count[table.name] += session.scalar(rows) or 0
    return {name: number for name, number in count.items() if number}


def _orphans(session: Session, without: frozenset[str]) -> list[int]:
    """Return the gradings of contents that nobody has handed in, but for these students."""
    kept = select(ArrivalRow).where(ArrivalRow.student_id.not_in(without)).subquery()
    contents = select(kept.c.sha256).where(kept.c.sha256.is_not(None))
    shown = select(kept.c.published_id).where(kept.c.published_id.is_not(None))
    unused = GradingRow.sha256.not_in(contents), GradingRow.id.not_in(shown)
    return list(session.scalars(select(GradingRow.id).where(*unused)))
