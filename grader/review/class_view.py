"""The class as reviewers see it: kept in memory, and brought up to date from the gradebook with few questions.

A class of a thousand has tens of thousands of checks. They are read once, without their words; afterwards a question
says whether anything arrived or was published, another brings what was decided since, and only the students that it is
about are counted again. What lies here can be read by several requests at once; it is replaced, never changed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader.course.assignment import Assignment
from grader.course.people import People
from grader.course.policy import Attempts, counting_attempt
from grader.gradebook import ClassState, Decisions, Gradebook, Standing, decisions_of
from grader.gradebook.final import Move, move_between, worth
from grader.gradebook.published import final_of
from grader.gradebook.schema import ArrivalRow, SectionRow, StudentRow
from grader.reporting.standing import PartStanding, PartState, part_standings
from grader.results import WHOLE, CheckResult, Decision, DecisionKind, SubmissionReport

_DIAGNOSIS_ID = 10


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """Who a student is, for those who may know; `id` is `Standing.who`."""

    id: str
    name: str
    email: str
    anonymous_id: str
    section: str = ""
    team: str = ""


@dataclass(frozen=True)
class Reviewed:
    """A student's submission as it counts now; its checks are without words.

    Attributes
    ----------
    key
        What addresses name it by, which tells nobody whose it is: the anonymous id.
    attempts
        All that is there of this student, the counting one too, the oldest first.
    decisions
        Those about this student or all that count, looks and shares among them.
    """

    facts: StudentFacts
    standing: Standing
    report: SubmissionReport
    parts: tuple[PartStanding, ...]
    attempts: tuple[Standing, ...]
    decisions: tuple[Decision, ...]

    @property
    def key(self) -> str:
        """What addresses name it by."""
        return self.facts.anonymous_id

    @cached_property
    def diagnoses(self) -> tuple[str, ...]:
        """The diagnoses of its checks, each once."""
        return tuple(dict.fromkeys(each.diagnosis for each in self.report.checks if each.diagnosis))

    @cached_property
    def looked(self) -> tuple[str, ...]:
        """Who has looked at what is there now; what came later has not been looked at."""
        looks = (each for each in self.decisions if each.kind is DecisionKind.LOOK)
        return tuple(dict.fromkeys(each.who for each in looks if each.why == (self.standing.sha256 or "")))

    @cached_property
    def shares(self) -> Mapping[str, str]:
        """Who is to look at each part, or at `WHOLE`."""
        return {each.part: each.why for each in self.decisions if each.kind is DecisionKind.SHARE}

    @property
    def waits(self) -> bool:
        """Whether a person has yet to judge any of it."""
        return bool(self.report.waiting)

    def state(self, part: str) -> PartState | None:
        """Return how a part of it stands; None where it has no such part."""
        return next((each.state for each in self.parts if each.id == part), None)

    def name(self, *, blind: bool) -> str:
        """Return what it is called."""
        if blind or self.standing.shown != self.standing.candidate_id:
            return self.key
        return self.facts.name or self.facts.id


@dataclass(frozen=True)
class ClassView:
    """One state of the class.

    Attributes
    ----------
    version
        Grows with every change; a page that shows this state says so when something is entered from it.
    """

    assignment: Assignment
    students: tuple[Reviewed, ...]
    decided: Decisions
    version: int

    @cached_property
    def by_key(self) -> Mapping[str, Reviewed]:
        """The submissions by what addresses name them by."""
        return {each.key: each for each in self.students}

    @cached_property
    def by_id(self) -> Mapping[str, Reviewed]:
        """The submissions by whose they are."""
        return {each.facts.id: each for each in self.students}

    @cached_property
    def about(self) -> Mapping[int, Sequence[str | None]]:
        """Whom each number of a decision is about."""
        found: dict[int, dict[str | None, None]] = {}
        for student, each in self.decided.entered:
            if each.kind is not DecisionKind.UNDO:
                found.setdefault(each.number, {})[student] = None
        return {number: tuple(students) for number, students in found.items()}

    @cached_property
    def diagnoses(self) -> Mapping[str, str]:
        """The sentences of all diagnoses, by a name that fits into an address; those of most students first."""
        count: dict[str, int] = {}
        for each in self.students:
            for sentence in each.diagnoses:
                count[sentence] = count.get(sentence, 0) + 1
        return {diagnosis_id(each): each for each in sorted(count, key=lambda each: (-count[each], each))}

    @cached_property
    def items(self) -> tuple[Decision, ...]:
        """The rubric's items in the order in which they were made."""
        return tuple(self.rubric.values())

    @cached_property
    def rubric(self) -> Mapping[int, Decision]:
        """The rubric's items by number, added up once for this state."""
        return self.decided.items

    @cached_property
    def applied(self) -> Mapping[int, int]:
        """To how many students each item of the rubric is applied."""
        count: dict[int, int] = {}
        for student in self.students:
            for item in {each.item for each in student.decisions if each.item}:
                count[item] = count.get(item, 0) + 1
        return count

    def with_diagnosis(self, sentence: str) -> tuple[Reviewed, ...]:
        """Return those who have a diagnosis."""
        return tuple(each for each in self.students if sentence in each.diagnoses)


def diagnosis_id(sentence: str) -> str:
    """Return a short name of a diagnosis that is the same tomorrow."""
    return hashlib.sha256(sentence.encode("utf-8", "backslashreplace")).hexdigest()[:_DIAGNOSIS_ID]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read of the class: attempts by student, the checks of each grading, and whom platforms call what."""

    stamp: tuple[object, ...]
    attempts: Mapping[str, tuple[Standing, ...]]
    checks: Mapping[int, Sequence[CheckResult]]
    facts: Mapping[str, StudentFacts]


class ClassCache:
    """Holds the class, and brings it up to date when it is asked for.

    Parameters
    ----------
    people
        Say in which section and team everybody is.
    """

    def __init__(self, book: Gradebook, section_id: int, assignment: Assignment, people: People) -> None:
        self.book = book
        self.section_id = section_id
        self._assignment = assignment
        self._people = people
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._view = ClassView(assignment, (), Decisions(()), 0)

    def view(self) -> ClassView:
        """Return the class as it is now."""
        with self._lock, self.book.reading() as session:
            stamp = self._stamp(session)
            if self._kept is None or stamp != self._kept.stamp:
                self._kept = self._read(session, stamp)
                self._view = replace(self._view, students=())
            decided = decisions_of(session, self._assignment.id, self._view.decided)
            if decided is not self._view.decided or not self._view.students:
                before = {each.facts.id: each for each in self._view.students}
                students = tuple(self._counted(self._kept, decided, before))
                self._view = ClassView(self._assignment, students, decided, decided.latest)
            return self._view

    def moves(self, view: ClassView, entries: Sequence[tuple[str | None, Decision]]) -> tuple[Move, ...]:
        """Return what would change for whom if this were entered, too, without entering it."""
        kept = self._kept
        if kept is None:
            return ()
        later = [(student, replace(each, number=-1)) for student, each in entries]
        decided = Decisions((*view.decided.entered, *later))
        before = {each.facts.id: each for each in view.students}
        after = self._counted(kept, decided, before)
        changed = [each for each in after if each is not before[each.facts.id]]
        return tuple(move_between(before[each.facts.id].report, each.report) for each in changed)

    def _stamp(self, session: Session) -> tuple[object, ...]:
        """Return what changes whenever a submission arrives, goes, or gets another result."""
        of = ArrivalRow
        arrivals = select(func.count(), func.sum(of.published_id), func.max(of.id), func.sum(of.attempt))
        here = arrivals.where(of.section_id == self.section_id, of.present)
        section = select(SectionRow.published_at, SectionRow.anonymous).where(
            SectionRow.id == self.section_id
        )
        return (*session.execute(here).one(), *session.execute(section).one())

    def _read(self, session: Session, stamp: tuple[object, ...]) -> _Kept:
        state = ClassState(session, self.section_id, self._assignment, brief=True)
        attempts: dict[str, list[Standing]] = {}
        for each in sorted(state.standings(), key=lambda each: each.attempt):
            attempts.setdefault(each.who, []).append(each)
        ids = {each.grading_id for some in attempts.values() for each in some if each.grading_id is not None}
        checks = state.checks(ids)
        return _Kept(
            stamp,
            {student: tuple(some) for student, some in attempts.items()},
            checks,
            self._facts(session),
        )

    def _facts(self, session: Session) -> dict[str, StudentFacts]:
        members = {each.id: each for each in self._people.members}
        here = select(ArrivalRow.student_id).where(ArrivalRow.section_id == self.section_id)
        found = {}
        for row in session.scalars(select(StudentRow).where(StudentRow.id.in_(here))):
            member = members.get(row.who)
            section, team = (member.section, member.team) if member else ("", "")
            found[row.id] = StudentFacts(row.who, row.name, row.email, row.anonymous_id, section, team)
        return found

    def _counted(self, kept: _Kept, decided: Decisions, before: Mapping[str, Reviewed]) -> Iterable[Reviewed]:
        """Return everybody; who has the same decisions as `before` is not counted again."""
        about = decided.by_student(kept.attempts)
        aside = _aside(decided, kept.attempts)
        found = []
        for student, attempts in kept.attempts.items():
            decisions = (*about[student], *aside.get(student, ()))
            old = before.get(student)
            if old is not None and old.decisions == decisions:
                found.append(old)
            else:
                found.append(self._reviewed(kept, attempts, about[student], decisions))
        return sorted(found, key=lambda each: each.standing.shown)

    def _reviewed(
        self,
        kept: _Kept,
        attempts: Sequence[Standing],
        counted: tuple[Decision, ...],
        decisions: tuple[Decision, ...],
    ) -> Reviewed:
        now = [replace(each, decisions=counted) for each in attempts]
        reports = {
            each.arrival_id: final_of(each, kept.checks.get(each.grading_id or 0, ()), self._assignment)
            for each in now
        }
        policy = self._assignment.policy
        scores = (
            {id: worth(report) for id, report in reports.items()} if policy.attempts is Attempts.BEST else {}
        )
        standing = counting_attempt(now, policy, score=lambda each: scores.get(each.arrival_id, 0.0))
        report = reports[standing.arrival_id]
        parts = () if report.error else part_standings(report, self._assignment)
        return Reviewed(kept.facts[standing.student], standing, report, parts, tuple(now), decisions)


def _aside(decided: Decisions, students: Iterable[str]) -> Mapping[str, Sequence[Decision]]:
    """Return by student the looks and shares that count."""
    found: dict[str, list[Decision]] = {}
    for student, each in decided.counting:
        if each.kind in {DecisionKind.LOOK, DecisionKind.SHARE}:
            for about in students if student is None else (student,):
                found.setdefault(about, []).append(each)
    return found


def part_title(assignment: Assignment, part: str) -> str:
    """Return what a part is called."""
    if part == WHOLE:
        return "The submission"
    return next((each.title for each in assignment.parts if each.id == part), part)
