"""What is added to results afterwards: what people decide, and flags that are found out later.

A decision is entered with who, when and why, never changed, and kept across every regrade. Another undoes it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, insert, or_, select, text, update
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook, insert_into, now
from grader.gradebook.errors import GradebookError, UnknownDecision, UnknownStudent
from grader.gradebook.schema import (
    DECISIONS,
    ENTRIES,
    WHO,
    ArrivalRow,
    GradingRow,
    SectionRow,
    StudentRow,
    columns_of,
    values_of,
)
from grader.results import Decision, DecisionKind, Flag

if TYPE_CHECKING:
    from grader.intake.arrivals import Person


def decide(
    book: Gradebook,
    assignment_id: str,
    decisions: Sequence[tuple[str | None, Decision]],
    *,
    entry: str = "",
    seen: int | None = None,
) -> tuple[Decision, ...]:
    """Enter decisions together, each about a student, named by id or anonymous id, or about all; when is now.

    Parameters
    ----------
    entry
        Names this entry, which is made once, however often it is asked for: who heard no answer asks again.
    seen
        Up to which `Decisions.latest` the one who decides knew the others; None where that does not matter.

    Returns
    -------
    decisions
        As they were entered, with the number that they share; none where they had been entered before.

    Raises
    ------
    UnknownStudent
        Nobody of that name has handed in this assignment; the message names those who are called alike.
    UnknownDecision
        There is none of a number that is to be undone.
    Outdated
        Somebody else has decided the same since; nothing was entered.
    """
    when = now().isoformat(timespec="seconds")
    with book.writing() as session:
        if session.get_bind().dialect.name == "postgresql":  # one after the other, as SQLite has it anyway
            session.execute(text("LOCK TABLE decisions IN EXCLUSIVE MODE"))
        if entry and not _is_new(session, entry):
            return ()
        named = _named(session, assignment_id, [name for name, _ in decisions])
        told = [replace(each, when=when) for _, each in decisions]
        require_there(session, assignment_id, told)
        if seen is not None:
            about = [(each.who if each else None, one) for each, one in zip(named, told, strict=True)]
            _require_known(decisions_of(session, assignment_id), about, seen)
        rows = [
            {"assignment_id": assignment_id, "student_id": each.id if each else None, **values_of(decision)}
            for each, decision in zip(named, told, strict=True)
        ]
        # The first row's own number is free for all of them, whoever else enters something meanwhile.
        entered = insert(DECISIONS).returning(DECISIONS.c.id, sort_by_parameter_order=True)
        ids = session.scalars(entered, rows).all()
        session.execute(update(DECISIONS).where(DECISIONS.c.id.in_(ids)).values(number=ids[0]))
    return tuple(replace(each, number=ids[0]) for each in told)


def _named(session: Session, assignment_id: str, names: Sequence[str | None]) -> list[StudentRow | None]:
    """Return the students that are named, None for all."""
    known: dict[str, StudentRow] = {}
    if len(names) > _FEW:
        for row in session.scalars(_handed_in(assignment_id)):
            known |= {row.anonymous_id: row, row.id: row}
    return [
        None if name is None else known.get(name) or student_named(session, assignment_id, name)
        for name in names
    ]


_FEW = 4
"""Names that are looked up one by one; of more, all who handed in are read at once."""


def _is_new(session: Session, entry: str) -> bool:
    """Say whether an entry of this name is the first; from now on, none is."""
    named = insert_into(session, ENTRIES).values(name=entry).on_conflict_do_nothing()
    return session.scalar(named.returning(ENTRIES.c.name)) is not None


def require_there(session: Session, assignment_id: str, decisions: Iterable[Decision]) -> None:
    """See that what is to be undone is there: a number of a decision to come would undo it as soon as it does.

    Raises
    ------
    UnknownDecision
        There is none of some number.
    """
    numbers = {each.undoes for each in decisions if each.kind is DecisionKind.UNDO}
    if not numbers:
        return
    known = session.scalars(select(DECISIONS.c.number).where(DECISIONS.c.assignment_id == assignment_id))
    if unknown := sorted(numbers.difference(known)):
        raise UnknownDecision(
            f"{assignment_id} has no decision {unknown[0]} to undo; `numgrade decide` lists those that there are"
        )


class Outdated(GradebookError):
    """Somebody else decided the same in the meantime.

    Attributes
    ----------
    others
        What they decided, in order.
    """

    def __init__(self, others: Sequence[Decision]) -> None:
        who = " and ".join(dict.fromkeys(each.who for each in others))
        super().__init__(f"{who} decided about the same in the meantime; look at it, and enter yours again")
        self.others = tuple(others)


def _require_known(kept: Decisions, about: Sequence[tuple[str | None, Decision]], seen: int) -> None:
    names = {each.number: (student, each) for student, each in kept.entered}
    mine = {topic for student, each in about for topic in _topics(student, each, names)}
    who = {each.who for _, each in about}
    others = [
        each
        for student, each in kept.since(seen)
        if each.who not in who and not mine.isdisjoint(_topics(student, each, names))
    ]
    if others:
        raise Outdated(others)


def _topics(
    student: str | None, decision: Decision, kept: Mapping[int, tuple[str | None, Decision]]
) -> Iterator[tuple[object, ...]]:
    """Yield what a decision settles: two that share one cannot both be meant. Words can stand beside each other."""
    match decision.kind:
        case DecisionKind.COMMENT | DecisionKind.LOOK | DecisionKind.EXTEND:
            return
        case DecisionKind.ITEM:
            yield "item", decision.item or decision.number
        case DecisionKind.UNDO:
            yield "undo", decision.undoes, student
            if decision.undoes in kept and kept[decision.undoes][1].kind is not DecisionKind.UNDO:
                yield from _topics(student or kept[decision.undoes][0], kept[decision.undoes][1], kept)
        case DecisionKind.SHARE:
            yield "share", student, decision.part
        case _:
            yield "points", student, decision.part


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided in one assignment, in order; of each, whom it is about by `Person.who`, None for all.

    Attributes
    ----------
    latest
        Grows with everything that is entered.
    """

    entered: tuple[tuple[str | None, Decision], ...]
    latest: int = 0
    ids: tuple[int, ...] = ()

    def since(self, seen: int) -> tuple[tuple[str | None, Decision], ...]:
        """What was entered after `latest` was `seen`."""
        return tuple(each for id, each in zip(self.ids, self.entered, strict=False) if id > seen)

    @property
    def counting(self) -> tuple[tuple[str | None, Decision], ...]:
        """What no later decision that counts itself has undone; undone for one student, it counts for others."""
        undone = self._undone()
        return tuple(
            (student, each)
            for student, each in self.entered
            if each.kind is not DecisionKind.UNDO and not {None, student} & undone.get(each.number, set())
        )

    def _undone(self) -> dict[int, set[str | None]]:
        """Return for whom each number is undone, None for all; what came before it undoes nothing."""
        before, undoing = set[int](), []
        for student, each in self.entered:
            if each.kind is DecisionKind.UNDO and each.undoes in before:
                undoing.append((student, each))
            before.add(each.number)
        undone: dict[int, set[str | None]] = {}
        for student, each in reversed(undoing):
            if not {None, student} & undone.get(each.number, set()):
                undone.setdefault(each.undoes, set()).add(student)
        return undone

    @property
    def items(self) -> dict[int, Decision]:
        """The rubric, by the number that its items keep; each as it was changed last."""
        found: dict[int, Decision] = {}
        for _, each in self.counting:
            if each.kind is DecisionKind.ITEM and (not each.item or each.item in found):
                number = each.item or each.number
                found[number] = replace(each, number=number, item=number)
        return found

    def by_student(self, students: Iterable[str]) -> dict[str, tuple[Decision, ...]]:
        """Return by student what counts for each; an item that is applied is the points that it has now."""
        found: dict[str, list[Decision]] = {student: [] for student in students}
        items, undone = self.items, self._undone()
        for student, each in self.counting:
            if each.kind in _ABOUT_NO_RESULT or (each.kind is DecisionKind.APPLY and each.item not in items):
                continue
            counted = _applied(each, items[each.item]) if each.kind is DecisionKind.APPLY else each
            for about in found if student is None else {student} & found.keys():
                if student is not None or about not in undone.get(each.number, ()):
                    found[about].append(counted)
        return {student: tuple(each) for student, each in found.items()}


_ABOUT_NO_RESULT = frozenset({DecisionKind.ITEM, DecisionKind.LOOK, DecisionKind.SHARE})


def _applied(application: Decision, item: Decision) -> Decision:
    return replace(
        application,
        kind=DecisionKind.ADD,
        part=item.part,
        points=item.points,
        why=item.why,
        beyond=item.beyond,
    )


def decisions_of(session: Session, assignment_id: str, known: Decisions | None = None) -> Decisions:
    """Return what was decided in one assignment; of what is known already, nothing is read again."""
    before = known or Decisions(())
    rows = session.execute(
        select(DECISIONS.c.id, WHO, *columns_of(DECISIONS, Decision))
        .outerjoin_from(DECISIONS, StudentRow, StudentRow.id == DECISIONS.c.student_id)
        .where(DECISIONS.c.assignment_id == assignment_id, DECISIONS.c.id > before.latest)
        .order_by(DECISIONS.c.id)
    ).all()
    if known is not None and not rows:
        return known
    entered = tuple((student, Decision(*values)) for _, student, *values in rows)
    ids = (*before.ids, *(row.id for row in rows))
    return Decisions((*before.entered, *entered), max(ids, default=0), ids)


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
    from grader.intake.arrivals import Person  # noqa: PLC0415 - what reads downloads takes its time to import

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
        return [Person(each.id, each.name, each.email, each.lms_id, each.member) for each in rows]


def student_named(session: Session, assignment_id: str, name: str) -> StudentRow:
    """Return a student who handed in an assignment, named by their id, by the anonymous one or as people.csv does.

    Raises
    ------
    UnknownStudent
        Nobody of that name has; the message names those who are called alike.
    """
    of_this_assignment = _handed_in(assignment_id)
    named = or_(StudentRow.id == name, StudentRow.anonymous_id == name, StudentRow.member == name)
    found = session.scalar(of_this_assignment.where(named).order_by(StudentRow.id != name).limit(1))
    if isinstance(found, StudentRow):
        return found
    known = [each.id for each in session.scalars(of_this_assignment)]
    raise UnknownStudent(f"nobody called {name!r} has handed in {assignment_id}{did_you_mean(name, known)}")


def _handed_in(assignment_id: str) -> Select[Any]:
    """Return the question for those who have handed in an assignment."""
    arrived = (
        select(ArrivalRow.student_id)
        .join(SectionRow, SectionRow.id == ArrivalRow.section_id)
        .where(SectionRow.assignment_id == assignment_id)
    )
    return select(StudentRow).where(StudentRow.id.in_(arrived))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about a name that is not known: those that are called alike, if any are."""
    alike = difflib.get_close_matches(name, list(known), 3)
    return f"; did you mean {' or '.join(alike)}?" if alike else ""
