"""Which check catches which known mistake, and whether every mistake is caught and every check is needed.

Checks run against entries of the bank in this process: they are an author's code, as the checks are.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType, ModuleType, SimpleNamespace

from grader.bank.entries import Entry, Mistake
from grader.bank.rebuild import as_modules, home_of, reach
from grader.checking.run import CheckContext, CheckRecord, Selection, run_checks
from grader.checking.student import Remote, Student
from grader.checking.trusted import LocalWorker, defining_modules, trusted_student
from grader.course.assignment import OUTSIDE, Assignment
from grader.results import Outcome, Scope

SEED = b"validation"
"""Fixes the hidden inputs, so that the gate says the same of the same assignment every time."""

NOTHING_TO_GRADE = MappingProxyType({"weights": None, "data": None})
"""The resources of a trial: a part that needs weights or a data set is not graded."""


@dataclass(frozen=True, slots=True)
class Column:
    """One check of the matrix."""

    id: str
    part: str
    scope: Scope


@dataclass(frozen=True)
class KillMatrix:
    """Rows are mistakes, columns are checks.

    Attributes
    ----------
    mistakes
        In the order in which they were given.
    columns
        In the order of the assignment's parts.
    outcomes
        For each mistake, how each check of `columns` ended; None where the mistake is out of the check's reach.
    ungraded
        Checks that this machine cannot run, for want of data.
    parts
        Every part of the assignment.
    """

    mistakes: tuple[Mistake, ...]
    columns: tuple[Column, ...]
    outcomes: tuple[tuple[Outcome | None, ...], ...]
    ungraded: frozenset[Column]
    parts: tuple[str, ...]

    def caught_by(self, mistake: Mistake) -> tuple[Column, ...]:
        """Return the checks that `mistake` does not pass."""
        row = self.outcomes[self.mistakes.index(mistake)]
        return tuple(column for column, outcome in zip(self.columns, row, strict=True) if catches(outcome))

    def catches_of(self, column: Column) -> tuple[Mistake, ...]:
        """Return the mistakes that `column` catches."""
        at = self.columns.index(column)
        return tuple(each for each, row in zip(self.mistakes, self.outcomes, strict=True) if catches(row[at]))

    @property
    def idle(self) -> tuple[Column, ...]:
        """Checks that can run here and catch no mistake: nobody would notice if they broke."""
        return tuple(each for each in self.columns if not self.catches_of(each) and each not in self.ungraded)

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the mistakes that there are, one sentence each."""
        return tuple(text for mistake in self.mistakes for text in self._problems_of(mistake))

    @property
    def holes(self) -> tuple[str, ...]:
        """Which mistakes are missing, one sentence each: what a draft may still lack."""
        return (
            *(f"check {each.id} catches no mistake: add one that needs it, or drop it" for each in self.idle),
            *(f"part {each} has no mistake: add one" for each in self._parts_without_mistake()),
        )

    def _problems_of(self, mistake: Mistake) -> Iterable[str]:
        row = self.outcomes[self.mistakes.index(mistake)]
        caught = {each.part for each in self.caught_by(mistake) if each.scope is mistake.scope}
        costs = {each.part for each in self.caught_by(mistake) if each.scope is Scope.HOMEWORK}
        expected = set(mistake.parts) if mistake.scope is Scope.HOMEWORK else set()
        if Outcome.GRADER_ERROR in row:
            broken = self.columns[row.index(Outcome.GRADER_ERROR)]
            yield f"mistake {mistake.name} breaks check {broken.id} instead of failing it"
        for column, outcome in zip(self.columns, row, strict=True):
            if outcome is Outcome.TAMPERED:
                yield f"mistake {mistake.name}: check {column.id} calls it tampering"
        for part in mistake.parts:
            if part not in caught:
                yield f"mistake {mistake.name}: no {mistake.scope} check of {part} catches it"
        for part in sorted(costs - expected):
            yield f"mistake {mistake.name}: costs points in {part}, against its parts and scope"

    def _parts_without_mistake(self) -> tuple[str, ...]:
        named = {part for mistake in self.mistakes for part in mistake.parts}
        unable = {each.part for each in self.ungraded} - {
            each.part for each in self.columns if each not in self.ungraded
        }
        return tuple(part for part in self.parts if part not in named | unable)


def catches(outcome: Outcome | None) -> bool:
    """Whether a check that ended so has noticed something: it neither earns its points nor is excused."""
    return outcome is not None and not outcome.earns and not outcome.excused


Row = Mapping[Column, Outcome]
"""How the checks ended that one mistake is within the reach of; plain enough to come from another process."""


def kill_matrix(bench: Bench, mistakes: Sequence[Mistake]) -> KillMatrix:
    """Run the checks against every mistake within their reach, in this process."""
    return assemble(bench.assignment, mistakes, kill_rows(bench, mistakes), solution_row(bench))


def solution_row(bench: Bench) -> Row:
    """Return the row of the solution itself, which holds every check there is."""
    return row_of(solution_records(bench))


def solution_records(bench: Bench) -> tuple[CheckRecord, ...]:
    """Run every check on the solution itself."""
    return _try(bench, None, {part.family for part in bench.assignment.parts})


def kill_rows(bench: Bench, mistakes: Sequence[Mistake]) -> tuple[Row, ...]:
    """Return the row of each mistake; rows of several processes can be put together by `assemble`."""
    return tuple(map(row_of, run_trials(bench, mistakes)))


def row_of(records: Iterable[CheckRecord]) -> Row:
    """Return how each check ended."""
    return {Column(each.id, each.mark.part, each.mark.scope): each.verdict.outcome for each in records}


def assemble(
    assignment: Assignment, mistakes: Sequence[Mistake], rows: Sequence[Row], solution: Row
) -> KillMatrix:
    """Put the rows of all `mistakes` together, beside the row of the solution."""
    parts = tuple(part.id for part in assignment.parts if part.judged == OUTSIDE)
    columns = tuple(sorted(solution, key=lambda each: parts.index(each.part)))
    outcomes = tuple(tuple(row.get(each) for each in columns) for row in rows)
    ungraded = frozenset(each for each in columns if solution[each] is Outcome.NOT_GRADED)
    return KillMatrix(tuple(mistakes), columns, outcomes, ungraded, parts)


@dataclass(frozen=True)
class Bench:
    """What every trial of one assignment needs.

    Attributes
    ----------
    assignment
        Whose checks run.
    reference
        The solution: its functions and classes as attributes.
    modules
        The solution's modules by name.
    """

    assignment: Assignment
    reference: SimpleNamespace
    modules: Mapping[str, ModuleType]

    @cached_property
    def used(self) -> Mapping[str, frozenset[str]]:
        """What the checks of each family can come to use."""
        return used_by_families(self)


def run_trials(bench: Bench, entries: Sequence[Entry]) -> tuple[tuple[CheckRecord, ...], ...]:
    """Run the trial of each entry."""
    return tuple(trial(bench, entry) for entry in entries)


def trial(bench: Bench, entry: Entry, key: bytes = SEED) -> tuple[CheckRecord, ...]:
    """Run the checks of every part that can come to use what an entry replaces, on the inputs that a key gives.

    Parts out of its reach would only run the solution once more.
    """
    return _try(bench, entry, families_in_reach(entry, bench, bench.used), key)


def used_by_families(bench: Bench) -> dict[str, frozenset[str]]:
    """Return, for each family of parts, the names of the solution that its checks can come to use.

    The checks run once on the solution itself, which notes what they ask for; what that uses in turn is read
    from the solution's code.
    """
    used = {}
    for family in dict.fromkeys(part.family for part in bench.assignment.parts):
        student = _NotingStudent(bench)
        run_checks(context_of_trial(bench, student), _of_families(bench, {family}))
        used[family] = frozenset[str]().union(*(reach(symbol, bench.modules) for symbol in student.asked))
    return used


def families_in_reach(entry: Entry, bench: Bench, used: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the families whose checks may come to use what `entry` replaces; all if it only has another form."""
    replaced = {name for name in entry.symbols if hasattr(bench.reference, name)}
    return frozenset(family for family, names in used.items() if not replaced or names & replaced)


class _NotingStudent(Student):
    """The solution as a student, which notes the names that checks ask for."""

    def __init__(self, bench: Bench) -> None:
        names = {each: home_of(each, bench.modules).__name__ for each in bench.assignment.symbols}
        values = bench.assignment.variables
        super().__init__(lambda _root: LocalWorker(bench.modules), names, variables=values)
        self.asked: dict[str, None] = {}

    def sibling(self, symbol: str, name: str) -> Remote:
        self.asked[symbol] = None
        return super().sibling(symbol, name)


def _try(
    bench: Bench, entry: Entry | None, families: Collection[str], key: bytes = SEED
) -> tuple[CheckRecord, ...]:
    """Run the checks of these families on an entry, or on the solution."""
    symbols = defining_modules(bench.assignment.symbols, bench.modules.values())
    student = trusted_student(as_modules(entry, bench.modules) if entry else symbols)
    # An entry may print, and divide by zero: that is its fault, which the author knows.
    unheard = warnings.catch_warnings(action="ignore" if entry else None)
    with redirect_stdout(io.StringIO()), unheard:
        return run_checks(context_of_trial(bench, student, key), _of_families(bench, families))


def context_of_trial(bench: Bench, student: Student, key: bytes = SEED) -> CheckContext:
    """Return the context of a trial, with the same hidden inputs every time."""
    return CheckContext(bench.assignment, student, bench.reference, key, dict(NOTHING_TO_GRADE))


def _of_families(bench: Bench, families: Collection[str]) -> Selection:
    return lambda mark, _check_id: bench.assignment.part(mark.part).family in families
