"""Run an assignment's checks against entries of its bank, in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

from grader.assignment import Assignment
from grader.checking.plugin import CheckContext, CheckRecord
from grader.checking.run import Selection, run_checks_for_each
from grader.checking.trusted import trusted_student
from grader.validation.bank import Entry, as_modules
from grader.validation.reach import home_of, reach

SEED = b"validation"
"""Fixes the hidden inputs, so that the gate says the same of the same homework every time."""


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

    Parts out of its reach would only run the solution once more. Nothing here has weights or a data set, so
    a part that needs them is not graded.
    """
    groups: dict[frozenset[str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(parts_in_reach(entry, bench), []).append(entry)
    found: dict[str, tuple[CheckRecord, ...]] = {}
    for parts, members in groups.items():
        runs = run_checks_for_each([_context(bench, entry) for entry in members], _of_parts(parts))
        found.update({entry.name: records for entry, records in zip(members, runs, strict=True)})
    return tuple(found[entry.name] for entry in entries)


def parts_in_reach(entry: Entry, bench: Bench) -> frozenset[str]:
    """Return the parts that may come to use what `entry` replaces.

    Functions of one module are checked together (a backward pass on the cache of its forward pass), so what one
    of them can use concerns them all. An entry that replaces nothing, but has another form, concerns every part.
    """
    modules = bench.modules
    replaced = {name for name in entry.symbols if hasattr(bench.reference, name)}
    homes = {part.id: home_of(part.symbol, modules) for part in bench.assignment.parts}
    touched = {home_of(name, modules).__name__ for name in replaced}
    for part in bench.assignment.parts:
        if reach(part.symbol, modules) & replaced:
            touched.add(homes[part.id].__name__)
    return frozenset(part for part, home in homes.items() if not replaced or home.__name__ in touched)


def _of_parts(parts: frozenset[str]) -> Selection:
    return lambda mark, _check_id: mark.part in parts


def _context(bench: Bench, entry: Entry) -> CheckContext:
    student = trusted_student(as_modules(entry, bench.modules))
    return CheckContext(bench.assignment, student, bench.reference, SEED, {"weights": None, "data": None})
