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
) -> Match | None:
    """Return the known mistake, or the two known mistakes, that produce exactly `actual`.

    Parameters
    ----------
    actual, expected
        The submission's answer and the right one, same shape.
    answers
        Mistake to its wrong answer on the same inputs; other shapes are passed over.

    Returns
    -------
    Match or None
        None when nothing matches, or when mistakes with different answers elsewhere cannot be told apart here.
    """
    comparable = {name: each for name, each in answers.items() if each.shape == actual.shape}
    single = [name for name, each in comparable.items() if _same(actual, each)]
    if single:
        return Match((single[0],)) if len(single) == 1 else None
    if actual.shape != expected.shape:
        return None
    pairs = [
        pair
        for pair in combinations(comparable, 2)
        if _combined(actual, expected, [comparable[each] for each in pair])
    ]
    return Match(pairs[0]) if len(pairs) == 1 else None


def _combined(actual: NDArray[Any], expected: NDArray[Any], answers: Sequence[NDArray[Any]]) -> bool:
    """Whether two mistakes add up to `actual`: their errors as a sum, or as a product of constant factors."""
    first, second = answers
    if _same(actual, first + second - expected):
        return True
    with np.errstate(all="ignore"):
        return _same(actual * expected, first * second) and bool(np.all(expected != 0))


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    if not (np.all(np.isfinite(one)) and np.all(np.isfinite(other))):
        return bool(np.array_equal(one, other, equal_nan=True))
    scale = max(float(np.max(np.abs(one), initial=0.0)), float(np.max(np.abs(other), initial=0.0)))
    return bool(np.all(np.abs(one - other) <= EXACT * scale))
