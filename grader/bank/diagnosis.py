"""Explain failed checks by known mistakes: run these on the same inputs and compare the answers; silence when unsure.

A mistake is named where it explains every failed check in which it shows and contradicts none that passed, whatever
their scope. One of the answers at least must be one that hardly anything else gives.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bank.entries import Mistake
from grader.bank.rebuild import as_modules
from grader.checking.failures import Evidence
from grader.checking.run import CheckContext, CheckRecord, run_checks
from grader.checking.trusted import trusted_student
from grader.results import Outcome

EXACT = 1e-7
"""Largest difference, relative to the largest entry, that still counts as the same answer.

Two ways to sum the same terms in float64 differ by about 1e-15 of their size and in float32 by 1e-7; different
mistakes on continuous random inputs differ in the first digits.
"""

ATTEMPTS = 3
"""After how many failed checks that no mistake explains a part's other mistakes are given up."""

MOST_KEPT = 10_000
"""Entries of the largest answer that is kept of every mistake of a part."""

MOST_PAIRS = 10
"""How many pairs of mistakes that add up to one answer are looked into."""

_REMEMBERED = 1024

Found = NDArray[np.generic] | str
"""What a check found: a wrong answer; words, where it compared no numbers; nothing, where all is well."""


def explain(
    records: Sequence[CheckRecord],
    context: CheckContext,
    mistakes: Sequence[Mistake],
    modules: Mapping[str, ModuleType],
    elsewhere: Elsewhere | None = None,
) -> dict[str, str]:
    """Return a sentence for each failed check that a known mistake explains.

    All mistakes of a part meet its first failed check, and the next one that is left unexplained: two faults may show
    in different checks. Those recognised there meet every check of their parts, which bears them out or rules them out.

    Parameters
    ----------
    records
        What became of a submission's checks.
    context
        The context they ran in; its seed makes the mistakes meet the same inputs.
    mistakes
        The assignment's known mistakes.
    modules
        The solution's modules by name.
    elsewhere
        What the submission and the mistakes show on inputs that all submissions share.
    """
    timed = {part.id for part in context.assignment.parts if part.timed is not None}
    told = (each for each in records if each.mark.part not in timed)  # how long a mistake takes says nothing
    answers = {each.id: found for each in told if (found := seen(each)) is not None}
    lineup = Lineup(answers, context, mistakes, modules)
    chosen = choose(tuple(_suspected(lineup, elsewhere)), {each.name: len(each.parts) for each in mistakes})
    sentences = {each.name: each.sentence for each in mistakes}
    return {check_id: _words(match, sentences) for check_id, match in chosen.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check found in the submission.

    Attributes
    ----------
    part
        Which part it judges.
    found
        What it found.
    expected
        The right answer, where it compared numbers.
    """

    part: str
    found: Found
    expected: NDArray[np.generic] | None = None

    @property
    def identifies(self) -> bool:
        """Whether hardly anything else gives this answer, as it gives zeros, other whole numbers and NaN."""
        answer, right = self.found, self.expected
        if isinstance(answer, str) or right is None:
            return False
        if not answer.size:
            return answer.ndim == right.ndim > 1
        numbers = answer[np.isfinite(answer)]
        if not numbers.size:
            return False
        first = float(numbers[0])
        return not first.is_integer() or not _same(numbers, np.full_like(numbers, first))


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Mistakes that, all at once, explain some failed checks and contradict no other."""

    match: Combination
    explained: frozenset[str]


def choose(suspected: Sequence[Suspicion], reach: Mapping[str, int]) -> dict[str, Combination]:
    """Return for each check the mistakes that are named there: those that explain most, and one rather than two.

    Where two explain as much, and a check in common, nothing is said of what either explains.

    Parameters
    ----------
    suspected
        What explains some checks.
    reach
        Mistake to how many parts it spoils: of two that cannot be told apart, because the other parts did not run,
        the one that spoils more.
    """
    chosen: dict[str, Combination] = {}
    left = frozenset[str]().union(*(each.explained for each in suspected))

    def rank(each: Suspicion) -> tuple[int, int, int]:
        names = each.match.names
        return len(each.explained & left), -len(names), sum(reach[name] for name in names)

    while left:
        best = max(map(rank, suspected))
        leaders = [each for each in suspected if rank(each) == best]
        for each in leaders:
            if all(each is other or not each.explained & other.explained & left for other in leaders):
                chosen.update(dict.fromkeys(each.explained & left, each.match))
        left -= frozenset[str]().union(*(each.explained for each in leaders))
    return chosen


def _suspected(lineup: Lineup, elsewhere: Elsewhere | None) -> Iterator[Suspicion]:
    """Yield what explains some failed checks: single mistakes, and two at once where no single one does."""
    explained, recognised, failures = set[str](), dict[str, None](), Counter[str]()
    smallest_first = sorted(lineup.seen.items(), key=lambda each: np.size(each[1].found))
    for check_id, seen in smallest_first:
        if check_id in explained or failures[seen.part] >= ATTEMPTS or not seen.identifies:
            continue
        names = lineup.of_part(seen.part)
        if elsewhere is not None and np.size(seen.found) <= MOST_KEPT:
            names = elsewhere.alike(check_id, names)
        answers = {name: lineup.meet(name, [check_id])[check_id] for name in names}
        matches = _matches(seen, answers)[:MOST_PAIRS]
        recognised |= {name: None for match in matches for name in match.names}
        found = [
            Suspicion(each, checks) for each in matches if check_id in (checks := lineup.explained_by(each))
        ]
        explained.update(*(each.explained for each in found))
        failures[seen.part] += not found
        recognised = {
            name: None for name in recognised if all(name not in each.match.names for each in found)
        }
        yield from found
    # Each of two faults may be recognised where it shows alone, and contradicted where both do.
    for pair in list(combinations(recognised, 2))[:MOST_PAIRS]:
        if checks := lineup.explained_by(Combination(pair)) - explained:
            yield Suspicion(Combination(pair), checks)


class Lineup:
    """The mistakes that a submission is compared with, and what the checks have found in them so far.

    Attributes
    ----------
    seen
        Check id to what it found in the submission, of checks that say something of the answer.
    """

    def __init__(
        self,
        seen: Mapping[str, Seen],
        context: CheckContext,
        mistakes: Sequence[Mistake],
        modules: Mapping[str, ModuleType],
    ) -> None:
        self.seen = seen
        self._context = context
        self._modules = tuple(modules.items())
        self._mistakes = {each.name: each for each in mistakes}
        self._shown: dict[str, dict[str, Found]] = {each.name: {} for each in mistakes}

    def of_part(self, part: str) -> list[str]:
        """Return the mistakes that spoil a part."""
        return [name for name, each in self._mistakes.items() if part in each.parts]

    def meet(self, name: str, check_ids: Iterable[str]) -> Mapping[str, Found]:
        """Run these checks on a mistake, on the inputs that the submission met; return all that it has shown."""
        shown = self._shown[name]
        missing = frozenset(check_ids) - shown.keys()
        if missing:
            # What is passed went to the submission before, and nobody reads what is said of the mistake.
            student = trusted_student(_rebuilt(self._mistakes[name], self._modules), held=False)
            context = replace(self._context, student=student, told=False)
            with warnings.catch_warnings(action="ignore"):  # what a mistake divides by zero is nobody's news
                records = run_checks(context, lambda _mark, id: id in missing)
            shown.update((each.id, _shown(each)) for each in records)
        return shown

    def explained_by(self, match: Combination) -> frozenset[str]:
        """Return the checks that these mistakes explain all at once; none where they are contradicted."""
        met = {name: self.meet(name, self._checks_of(name)) for name in match.names}
        checks = {check_id for name in match.names for check_id in self._checks_of(name)}
        explained = set()
        for check_id in checks:
            shown = [each.get(check_id, "") for each in met.values()]
            agrees = _agrees(
                self.seen[check_id], [each for each in shown if isinstance(each, np.ndarray) or each]
            )
            if agrees is False:
                return frozenset()
            if agrees:
                explained.add(check_id)
        return frozenset(explained)

    def _checks_of(self, name: str) -> list[str]:
        parts = self._mistakes[name].parts
        return [check_id for check_id, each in self.seen.items() if each.part in parts]


class Elsewhere:
    """Inputs that all submissions share, on which the mistakes need to be run only once in a process.

    Whoever makes a mistake makes it there, too; the submission's own inputs bear out what is found.

    Parameters
    ----------
    known
        What the mistakes show there, kept from one submission to the next.
    ask
        Runs a check on the submission there.
    """

    def __init__(self, known: Lineup, ask: Callable[[str], CheckRecord | None]) -> None:
        self._known = known
        self._ask = ask

    def alike(self, check_id: str, names: list[str]) -> list[str]:
        """Return those of the mistakes that alone or in pairs answer as the submission; all, if that cannot be told."""
        record = self._ask(check_id)
        shown = None if record is None else seen(record)
        if shown is None or not shown.identifies:
            return names
        answers = {name: self._known.meet(name, [check_id])[check_id] for name in names}
        found = {name for match in _matches(shown, answers) for name in match.names}
        return [name for name in names if name in found]


@lru_cache(maxsize=_REMEMBERED)  # every wrong submission meets the mistakes of its parts
def _rebuilt(mistake: Mistake, modules: tuple[tuple[str, ModuleType], ...]) -> Mapping[str, ModuleType]:
    return as_modules(mistake, dict(modules))


def seen(record: CheckRecord) -> Seen | None:
    """Return what a check found in the submission; None where it broke off and says nothing of the answer."""
    part, verdict, evidence = record.mark.part, record.verdict, _numeric_evidence(record)
    if evidence is not None:
        return Seen(part, np.asarray(evidence.actual), evidence.expected)
    if verdict.outcome is Outcome.FAILED:
        return Seen(part, verdict.message)
    return Seen(part, "") if verdict.outcome is Outcome.PASSED and not verdict.carried else None


def _shown(record: CheckRecord) -> Found:
    """Return what a check found in a mistake; to be found out by the time that it takes is nothing of its own."""
    verdict, evidence = record.verdict, _numeric_evidence(record)
    if evidence is not None:
        return np.asarray(evidence.actual)
    quiet = verdict.outcome.earns or verdict.outcome.excused or verdict.outcome is Outcome.TAMPERED
    return "" if quiet else verdict.message or str(verdict.outcome)


def _agrees(seen: Seen, showing: Sequence[Found]) -> bool | None:
    """Say whether what mistakes show is what was seen; None where none shows, or where it cannot be told."""
    if not showing:
        return None
    if isinstance(seen.found, str):
        if not seen.found:
            return False
        return any(isinstance(each, str) and each == seen.found for each in showing) or None
    answers = [each for each in showing if isinstance(each, np.ndarray) and each.shape == seen.found.shape]
    if len(answers) < len(showing):
        return False
    if all(_same(each, seen.found) for each in answers):
        return True
    right = seen.expected
    return (
        len(answers) > 1
        and right is not None
        and seen.found.shape == right.shape
        and _combined(seen.found, right, answers)
    )


def _matches(seen: Seen, answers: Mapping[str, Found]) -> tuple[Combination, ...]:
    numbers = {name: each for name, each in answers.items() if isinstance(each, np.ndarray)}
    return match_answer(np.asarray(seen.found), np.asarray(seen.expected), numbers)


def _numeric_evidence(record: CheckRecord) -> Evidence | None:
    """Return what a failed check compared, if the answer was made of real numbers."""
    evidence = record.verdict.evidence
    if evidence is None or not isinstance(evidence.actual, int | float | np.ndarray):
        return None
    return evidence if np.asarray(evidence.actual).dtype.kind in "fiu" else None


def _words(match: Combination, sentences: Mapping[str, str]) -> str:
    found = [sentences[name] for name in match.names]
    return found[0] if len(found) == 1 else "Two things at once: " + " ".join(found)


@dataclass(frozen=True, slots=True)
class Combination:
    """The mistakes that together produce an answer: one, or two that add up."""

    names: tuple[str, ...]


def match_answer(
    actual: NDArray[Any], expected: NDArray[Any], answers: Mapping[str, NDArray[Any]]
) -> tuple[Combination, ...]:
    """Return every known mistake that produces exactly `actual`; where there is none, every pair that does.

    Parameters
    ----------
    actual, expected
        The submission's answer and the right one.
    answers
        Mistake to its wrong answer on the same inputs; other shapes than `actual` are passed over.
    """
    comparable = {name: each for name, each in answers.items() if each.shape == actual.shape}
    single = tuple(Combination((name,)) for name, each in comparable.items() if _same(actual, each))
    if single or actual.shape != expected.shape:
        return single
    return tuple(
        Combination(pair)
        for pair in combinations(comparable, 2)
        if _combined(actual, expected, [comparable[each] for each in pair])
    )


def _combined(actual: NDArray[Any], expected: NDArray[Any], answers: Sequence[NDArray[Any]]) -> bool:
    """Whether two mistakes add up to `actual`: their errors as a sum, or as a product of constant factors.

    Mistakes with one answer, or with nothing but zeros for an answer, leave nothing to add: two zeros would "add
    up" to the right answer with its sign turned. A factor multiplies whatever else went wrong, so it never is a
    term of a sum.
    """
    first, second = answers
    if _same(first, second) or not (np.any(first) and np.any(second)):
        return False
    factors = any(_is_multiple(each, expected) for each in answers)
    if not factors and _same(actual, first + second - expected):
        return True
    with np.errstate(all="ignore"):
        return _same(actual * expected, first * second) and bool(np.all(expected != 0))


def _is_multiple(answer: NDArray[Any], expected: NDArray[Any]) -> bool:
    """Whether an answer of several numbers is the right one times a factor; one number always is."""
    norm = float(np.vdot(expected, expected))
    return expected.size > 1 and norm > 0 and _same(answer, np.vdot(expected, answer) / norm * expected)


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    odd = ~np.isfinite(one)
    if np.any(odd) or not np.all(np.isfinite(other)):
        if not np.array_equal(one[odd], other[odd], equal_nan=True) or not np.all(np.isfinite(other[~odd])):
            return False
        one, other = one[~odd], other[~odd]
    scale = max(float(np.max(np.abs(one), initial=0.0)), float(np.max(np.abs(other), initial=0.0)))
    return bool(np.all(np.abs(one - other) <= EXACT * scale))
