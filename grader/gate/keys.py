"""Nothing is drawn by lot: an entry of the bank gets the same points whatever the course key is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import FunctionType

from grader.bank.entries import Entry
from grader.checking.run import CheckRecord
from grader.gate.kill_matrix import Bench, trial
from grader.results import Scope

KEYS = 2
KEYS_OF_DRAWING = 20
"""How many course keys an entry meets, and one that draws at random itself."""


def lots(bench: Bench, entry: Entry, records: Iterable[CheckRecord], keys: Sequence[bytes]) -> Iterator[str]:
    """Say which checks that count end otherwise under one of these keys than in the records of a trial."""
    before, told = _verdicts(bench, records), set[str]()
    for key in keys:
        for check_id, earned in _verdicts(bench, trial(bench, entry, key)).items():
            if earned != before[check_id] and check_id not in told:
                told.add(check_id)
                yield f"{entry.place}: {check_id} is drawn by lot: it ends otherwise under another course key"


def _verdicts(bench: Bench, records: Iterable[CheckRecord]) -> dict[str, bool]:
    """Return which checks that count earn their points; how long something takes is certified apart."""
    return {
        each.id: each.verdict.outcome.earns
        for each in records
        if each.mark.scope is Scope.HOMEWORK and bench.assignment.part(each.mark.part).timed is None
    }


def further_keys(bench: Bench, entry: Entry, full: bool) -> Sequence[bytes]:
    """Return the keys that an entry meets beside the first one."""
    count = KEYS_OF_DRAWING if full or _draws(bench, entry) else KEYS
    return [f"key {number}".encode() for number in range(1, count)]


def _draws(bench: Bench, entry: Entry) -> bool:
    """Whether an entry, or the function that it replaces, draws at random."""
    replaced = (getattr(bench.reference, name, None) for name in entry.symbols)
    functions = (each for each in replaced if isinstance(each, FunctionType))
    return "random" in entry.code or any("random" in each.__code__.co_names for each in functions)
