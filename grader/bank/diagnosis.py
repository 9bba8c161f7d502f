"""Explain failed checks: run them on every known mistake and compare the answers; say nothing when unsure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bank.entries import Mistake
from grader.bank.rebuild import as_modules
from grader.checking.failures import Evidence
from grader.checking.marks import CheckMark
from grader.checking.run import CheckContext, CheckRecord, run_checks
from grader.checking.trusted import trusted_student
from grader.results import Scope

EXACT = 1e-7
"""Largest difference, relative to the largest entry, that still counts as the same answer.

Two ways to sum the same terms in float64 differ by about 1e-15 of their size and in float32 by 1e-7; different
mistakes on continuous random inputs differ in the first digits.
"""

Answers = dict[str, dict[str, NDArray[np.generic]]]
"""Check id to mistake to that mistake's answer."""


def explain(
    records: Sequence[CheckRecord],
    context: CheckContext,
    mistakes: Sequence[Mistake],
    modules: Mapping[str, ModuleType],
) -> dict[str, str]:
    """Return a sentence for each failed check whose answer a known mistake explains.

    All mistakes of a part meet its first failed check. The other checks, which cost as much again, meet only
    the mistakes that were recognised there. One of these that would have failed a check of points that the
    submission passed is not what happened, whatever its answer elsewhere.

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
    """
    puzzles = [
        _Puzzle(each.id, each.mark.part, evidence)
        for each in records
        if (evidence := _numeric_evidence(each)) is not None
    ]
    first = {puzzle.part: puzzle for puzzle in reversed(puzzles)}
    suspects = [each for each in mistakes if not first.keys().isdisjoint(each.parts)]
    recognised = _matches(first.values(), suspects, context, modules)
    names = frozenset().union(*map(_names, recognised.values()))
    likely = [each for each in suspects if each.name in names]
    ruled_out = _failing(_passed(records, first.keys()), likely, context, modules)
    recognised = _without(ruled_out, recognised)
    rest = [puzzle for puzzle in puzzles if puzzle.id not in recognised]
    found = recognised | _without(ruled_out, _matches(rest, likely, context, modules))
    parts = {each.name: frozenset(each.parts) for each in suspects}
    failed = frozenset(each.mark.part for each in records if not each.verdict.outcome.earns)
    part_of = {puzzle.id: puzzle.part for puzzle in first.values()}
    names_of = {part_of[check_id]: _names(matches) for check_id, matches in recognised.items()}
    chosen = {check_id: choose(matches, parts, failed, names_of) for check_id, matches in found.items()}
    sentences = {each.name: each.sentence for each in suspects}
    return {check_id: _words(match, sentences) for check_id, match in chosen.items() if match is not None}


@dataclass(frozen=True, slots=True)
class _Puzzle:
    """A failed check and what it compared."""

    id: str
    part: str
    evidence: Evidence


def _matches(
    puzzles: Iterable[_Puzzle],
    suspects: Sequence[Mistake],
    context: CheckContext,
    modules: Mapping[str, ModuleType],
) -> dict[str, tuple[Combination, ...]]:
    puzzles = tuple(puzzles)
    if not puzzles or not suspects:
        return {}
    answers = _answers(context, suspects, modules, frozenset(each.id for each in puzzles))
    matches = {
        each.id: match_answer(
            np.asarray(each.evidence.actual), each.evidence.expected, answers.get(each.id, {})
        )
        for each in puzzles
    }
    return {check_id: each for check_id, each in matches.items() if each}


def _passed(records: Sequence[CheckRecord], parts: Collection[str]) -> frozenset[str]:
    """Return the checks of these parts that earned points."""
    return frozenset(
        each.id
        for each in records
        if each.mark.part in parts and each.mark.scope is Scope.HOMEWORK and each.verdict.outcome.earns
    )


def _failing(
    check_ids: frozenset[str],
    suspects: Sequence[Mistake],
    context: CheckContext,
    modules: Mapping[str, ModuleType],
) -> frozenset[str]:
    """Return the mistakes that do not pass all of these checks."""
    if not check_ids:
        return frozenset()
    runs = _run(context, suspects, modules, check_ids)
    return frozenset(
        mistake.name
        for mistake, records in zip(suspects, runs, strict=True)
        if not all(each.verdict.outcome.earns for each in records)
    )


def _without(
    ruled_out: frozenset[str], matches: Mapping[str, tuple[Combination, ...]]
) -> dict[str, tuple[Combination, ...]]:
    kept = {
        check_id: tuple(each for each in found if ruled_out.isdisjoint(each.names))
        for check_id, found in matches.items()
    }
    return {check_id: each for check_id, each in kept.items() if each}


def _run(
    context: CheckContext,
    suspects: Sequence[Mistake],
    modules: Mapping[str, ModuleType],
    check_ids: frozenset[str],
) -> tuple[tuple[CheckRecord, ...], ...]:
    """Run some checks on each mistake, those of the parts that it spoils, on the inputs that the submission met."""

    def run(mistake: Mistake) -> tuple[CheckRecord, ...]:
        def selected(mark: CheckMark, check_id: str) -> bool:
            return check_id in check_ids and mark.part in mistake.parts

        student = trusted_student(as_modules(mistake, modules))
        return run_checks(replace(context, student=student), selected)

    return tuple(map(run, suspects))


def _answers(
    context: CheckContext,
    suspects: Sequence[Mistake],
    modules: Mapping[str, ModuleType],
    check_ids: frozenset[str],
) -> Answers:
    runs = _run(context, suspects, modules, check_ids)
    answers: Answers = {}
    for mistake, records in zip(suspects, runs, strict=True):
        for record in records:
            evidence = _numeric_evidence(record)
            if evidence is not None:
                answers.setdefault(record.id, {})[mistake.name] = np.asarray(evidence.actual)
    return answers


def _numeric_evidence(record: CheckRecord) -> Evidence | None:
    """Return what a failed check compared, if the answer was made of real numbers."""
    evidence = record.verdict.evidence
    if evidence is None or not isinstance(evidence.actual, int | float | np.ndarray):
        return None
    return evidence if np.asarray(evidence.actual).dtype.kind in "fiu" else None


def _names(matches: Iterable[Combination]) -> frozenset[str]:
    return frozenset(name for match in matches for name in match.names)


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


def choose(
    matches: Sequence[Combination],
    parts: Mapping[str, frozenset[str]],
    failed: frozenset[str],
    recognised: Mapping[str, frozenset[str]],
) -> Combination | None:
    """Return the one match that agrees with everything else that is known, or None when several or none do.

    Parameters
    ----------
    matches
        What produces a check's answer.
    parts
        Mistake to the parts it spoils.
    failed
        The parts that the submission failed: a mistake that would have spoilt another one as well is not it.
    recognised
        Part to the mistakes that produce the answer of its first failed check, for parts with such an answer: a
        mistake has to be recognised wherever it shows. Of those that are, the one that explains most is it.
    """

    def spoils(match: Combination) -> frozenset[str]:
        return frozenset().union(*(parts[name] for name in match.names))

    def agrees(match: Combination) -> bool:
        shows = ((name, part) for name in match.names for part in parts[name] if part in recognised)
        return spoils(match) <= failed and all(name in recognised[part] for name, part in shows)

    def rank(match: Combination) -> tuple[int, int]:
        return len(match.names), -len(spoils(match))

    fitting = [match for match in matches if agrees(match)]
    best = [match for match in fitting if rank(match) == min(map(rank, fitting))]
    return best[0] if len(best) == 1 else None


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
    if not (np.all(np.isfinite(one)) and np.all(np.isfinite(other))):
        return bool(np.array_equal(one, other, equal_nan=True))
    scale = max(float(np.max(np.abs(one), initial=0.0)), float(np.max(np.abs(other), initial=0.0)))
    return bool(np.all(np.abs(one - other) <= EXACT * scale))
