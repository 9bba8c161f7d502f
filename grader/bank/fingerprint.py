"""Match a wrong answer with the wrong answers of known mistakes on the same inputs. Pure, and silent when unsure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXACT = 1e-7
"""Largest difference, relative to the largest entry, that still counts as the same answer.

Two ways to sum the same terms in float64 differ by about 1e-15 of their size and in float32 by 1e-7; different
mistakes on continuous random inputs differ in the first digits.
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The mistakes that together produce an answer: one, or two that add up."""

    names: tuple[str, ...]


def match_answer(
    actual: NDArray[Any], expected: NDArray[Any], answers: Mapping[str, NDArray[Any]]
) -> tuple[Match, ...]:
    """Return every known mistake that produces exactly `actual`; where there is none, every pair that does.

    Parameters
    ----------
    actual, expected
        The submission's answer and the right one.
    answers
        Mistake to its wrong answer on the same inputs; other shapes than `actual` are passed over.
    """
    comparable = {name: each for name, each in answers.items() if each.shape == actual.shape}
    single = tuple(Match((name,)) for name, each in comparable.items() if _same(actual, each))
    if single or actual.shape != expected.shape:
        return single
    return tuple(
        Match(pair)
        for pair in combinations(comparable, 2)
        if _combined(actual, expected, [comparable[each] for each in pair])
    )


def choose(
    matches: Sequence[Match],
    parts: Mapping[str, frozenset[str]],
    failed: frozenset[str],
    recognised: Mapping[str, frozenset[str]],
) -> Match | None:
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

    def spoils(match: Match) -> frozenset[str]:
        return frozenset().union(*(parts[name] for name in match.names))

    def agrees(match: Match) -> bool:
        shows = ((name, part) for name in match.names for part in parts[name] if part in recognised)
        return spoils(match) <= failed and all(name in recognised[part] for name, part in shows)

    def rank(match: Match) -> tuple[int, int]:
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
