"""Run an assignment's checks against entries of its bank, in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType, SimpleNamespace

from grader.bank.entries import Entry
from grader.bank.rebuild import as_modules, home_of, reach
from grader.checking.local import LocalWorker
from grader.checking.plugin import CheckContext, CheckRecord
from grader.checking.run import Selection, run_checks
from grader.checking.student import Remote, Student
from grader.checking.trusted import trusted_student
from grader.course.assignment import Assignment

SEED = b"validation"
"""Fixes the hidden inputs, so that the gate says the same of the same homework every time."""

NOTHING_TO_GRADE = MappingProxyType({"weights": None, "data": None})
"""The resources of a trial: a part that needs weights or a data set is not graded."""


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


def run_trials(bench: Bench, entries: Sequence[Entry]) -> tuple[tuple[CheckRecord, ...], ...]:
    """Run, for each entry, the checks of every part that can come to use what it replaces.

    Parts out of its reach would only run the solution once more.
    """
    used = used_by_families(bench)
    return tuple(_try(bench, entry, families_in_reach(entry, bench, used)) for entry in entries)


def used_by_families(bench: Bench) -> dict[str, frozenset[str]]:
    """Return, for each family of parts, the names of the solution that its checks can come to use.

    The checks run once on the solution itself, which notes what they ask for; what that uses in turn is read
    from the solution's code.
    """
    used = {}
    for family in dict.fromkeys(part.family for part in bench.assignment.parts):
        student = _NotingStudent(bench)
        run_checks(_context(bench, student), _of_families(bench, {family}))
        used[family] = frozenset[str]().union(*(reach(symbol, bench.modules) for symbol in student.asked))
    return used


def families_in_reach(entry: Entry, bench: Bench, used: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the families whose checks may come to use what `entry` replaces; all if it only has another form."""
    replaced = {name for name in entry.symbols if hasattr(bench.reference, name)}
    return frozenset(family for family, names in used.items() if not replaced or names & replaced)


class _NotingStudent(Student):
    """The solution as a student, which notes the names that checks ask for."""

    def __init__(self, bench: Bench) -> None:
        names = {each.symbol: home_of(each.symbol, bench.modules).__name__ for each in bench.assignment.parts}
        super().__init__(lambda _root: LocalWorker(bench.modules), names)
        self.asked: dict[str, None] = {}

    def sibling(self, symbol: str, name: str) -> Remote:
        self.asked[symbol] = None
        return super().sibling(symbol, name)


def _try(bench: Bench, entry: Entry, families: frozenset[str]) -> tuple[CheckRecord, ...]:
    student = trusted_student(as_modules(entry, bench.modules))
    return run_checks(_context(bench, student), _of_families(bench, families))


def _context(bench: Bench, student: Student) -> CheckContext:
    return CheckContext(bench.assignment, student, bench.reference, SEED, dict(NOTHING_TO_GRADE))


def _of_families(bench: Bench, families: frozenset[str] | set[str]) -> Selection:
    return lambda mark, _check_id: bench.assignment.part(mark.part).family in families
