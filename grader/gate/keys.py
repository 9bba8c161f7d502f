"""Nothing is drawn by lot: an entry of the bank gets the same points whatever the course key is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from types import FunctionType

from grader.bank.entries import Entry
from grader.checking.run import CheckRecord
from grader.gate.kill_matrix import Bench, trial
from grader.results import Scope

KEYS = 2
KEYS_OF_DRAWING = 20
"""How many course keys an entry meets at least, and one that draws at random itself."""

TRIALS = 1500
"""How many trials the mistakes of an assignment share: a small bank meets as many keys as one that draws."""

PATIENCE = 1.0
"""After so many seconds with one entry, only those keys are left that it meets at least."""


def lots(
    bench: Bench,
    entry: Entry,
    records: Iterable[CheckRecord],
    keys: Sequence[bytes],
    patience: float = float("inf"),
) -> Iterator[str]:
    """Say which checks that count end otherwise under one of these keys than in the records of a trial."""
    before, told, started = _verdicts(bench, records), set[str](), time.perf_counter()
    for number, key in enumerate(keys, start=2):
        if number > KEYS and time.perf_counter() - started > patience:
            return
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


def further_keys(bench: Bench, entry: Entry, full: bool, mistakes: int = TRIALS) -> Sequence[bytes]:
    """Return the keys that an entry, of a bank of so many mistakes, meets beside the first one."""
    shared = min(max(TRIALS // max(mistakes, 1), KEYS), KEYS_OF_DRAWING)
    count = KEYS_OF_DRAWING if full or _draws(bench, entry) else shared
    return [f"key {number}".encode() for number in range(1, count)]


def _draws(bench: Bench, entry: Entry) -> bool:
    """Whether an entry, or the function that it replaces, draws at random."""
    replaced = (getattr(bench.reference, name, None) for name in entry.symbols)
    functions = (each for each in replaced if isinstance(each, FunctionType))
    return "random" in entry.code or any("random" in each.__code__.co_names for each in functions)
