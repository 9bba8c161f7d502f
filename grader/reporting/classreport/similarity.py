"""Compare every answer of a class with every other, beside right answers that were written independently.

The likeness of two answers is the share of the shorter one's runs of tokens that the other has too. All pairs of a
symbol are counted at once: which answers have which runs is a matrix of zeros and ones, and its product with
itself, in blocks, holds the number of runs that each two share.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grader.reporting.classreport.answers import Answer

_BLOCK = 4096
"""Runs counted at a time: a thousand answers make a block of 16 MiB."""

MOST_PAIRS = 300
"""Pairs kept: the most alike. Nobody reads more, and a class that shares its code has half a million."""

NEAR = 0.6
"""Likeness from which a pair is listed where the homework has too few independent answers to compare with."""

FEWEST_BASELINE = 3

RARE = 0.02
"""Share of a symbol's answers that may have a run for it to be rare; two always may."""

Likeness = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SymbolComparison:
    """One symbol over the class.

    Attributes
    ----------
    answers
        How many were compared; `short` more were too short.
    pairs
        The likeness of every two of them.
    baseline
        The likeness of every two independent right answers.
    limit
        The likeness that none of the baseline's pairs exceeds, `NEAR` at least.
    beyond
        How many of the class's pairs exceed it.
    """

    symbol: str
    answers: int
    short: int
    pairs: Likeness
    baseline: Likeness
    limit: float
    beyond: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions that are alike.

    Attributes
    ----------
    overall
        Likeness of all their answers, weighed by length.
    rare
        Runs that both have and hardly anybody else: what a common source does not explain.
    alike
        The likeness of each answer that exceeds its symbol's limit.
    """

    one: str
    other: str
    overall: float
    rare: int
    alike: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """Answers to one symbol that are the same token for token, names, comments and layout aside."""

    symbol: str
    owners: tuple[str, ...]
    runs: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything about likeness in a class.

    Attributes
    ----------
    pairs
        Those that share most of what is rare; `pairs_beyond` were found.
    twins
        Groups of the same answers, the largest first.
    """

    symbols: tuple[SymbolComparison, ...]
    pairs: tuple[Pair, ...]
    pairs_beyond: int
    twins: tuple[Twins, ...]


def compare_class(answers: Iterable[Answer], independent: Iterable[Answer]) -> Comparison:
    """Compare the answers of a class.

    Parameters
    ----------
    independent
        Right answers that were written without one another: the solution and the homework's variants.
    """
    of_symbol = _by_symbol(answers)
    baseline = _by_symbol(independent)
    owners = sorted({each.owner for group in of_symbol.values() for each in group})
    total = _Total(owners)
    symbols = []
    for symbol, group in of_symbol.items():
        long = [each for each in group if each.long_enough]
        known = pairwise([each for each in baseline.get(symbol, []) if each.long_enough])
        likeness, rare = likeness_matrix(long)
        limit = max(NEAR, float(known.max()) if len(known) >= FEWEST_BASELINE else NEAR)
        total.add(symbol, long, likeness, rare, limit)
        upper = likeness[np.triu_indices(len(long), 1)]
        beyond = int((upper > limit).sum())
        symbols.append(
            SymbolComparison(symbol, len(long), len(group) - len(long), upper, known, limit, beyond)
        )
    pairs, count = total.pairs()
    return Comparison(tuple(symbols), pairs, count, _twins(of_symbol))


def likeness_matrix(answers: Sequence[Answer]) -> tuple[Likeness, Likeness]:
    """Return the likeness of every answer with every other, and how many rare runs each two share."""
    count = len(answers)
    common, rare = np.zeros((count, count), np.float32), np.zeros((count, count), np.float32)
    if count:
        owner = np.repeat(np.arange(count), [len(each.own) for each in answers])
        _, run, times = np.unique(
            np.concatenate([each.own for each in answers]), return_inverse=True, return_counts=True
        )
        most = max(2, int(RARE * count))
        _count_shared(rare, owner, run, (times > 1) & (times <= most))
        _count_shared(common, owner, run, times > most)
    sizes = np.array([len(each.own) for each in answers], np.float32)
    shorter = np.maximum(np.minimum(sizes[:, None], sizes[None, :]), 1)
    return np.asarray((common + rare) / shorter, np.float32), rare


def _count_shared(
    shared: Likeness, owner: npt.NDArray[np.intp], run: npt.NDArray[np.intp], counted: npt.NDArray[np.bool_]
) -> None:
    """Add to `shared` how many of the `counted` runs each two owners share."""
    place = np.cumsum(counted) - 1
    kept = counted[run]
    row, column = owner[kept], place[run[kept]]
    for start in range(0, int(counted.sum()), _BLOCK):
        inside = (column >= start) & (column < start + _BLOCK)
        block = np.zeros((len(shared), _BLOCK), np.float32)
        block[row[inside], column[inside] - start] = 1
        shared += block @ block.T


def pairwise(answers: Sequence[Answer]) -> Likeness:
    """Return the likeness of every two answers, each pair once."""
    return np.asarray(likeness_matrix(answers)[0][np.triu_indices(len(answers), 1)], np.float32)


class _Total:
    """Adds up over the symbols how alike every two submissions are, weighed by the shorter answer's length."""

    def __init__(self, owners: Sequence[str]) -> None:
        self.owners = owners
        self.place = {owner: number for number, owner in enumerate(owners)}
        shape = (len(owners), len(owners))
        self.alike = np.zeros(shape, np.float32)
        self.weight = np.zeros(shape, np.float32)
        self.rare = np.zeros(shape, np.float32)
        self.beyond = np.zeros(shape, bool)
        self.symbols: list[tuple[str, Mapping[str, int], Likeness, float]] = []

    def add(
        self, symbol: str, answers: Sequence[Answer], likeness: Likeness, rare: Likeness, limit: float
    ) -> None:
        at = np.array([self.place[each.owner] for each in answers], int)
        sizes = np.array([len(each.own) for each in answers], np.float32)
        weight = np.minimum(sizes[:, None], sizes[None, :])
        grid = np.ix_(at, at)
        self.alike[grid] += likeness * weight
        self.weight[grid] += weight
        self.rare[grid] += rare
        self.beyond[grid] |= likeness > limit
        rows = {each.owner: number for number, each in enumerate(answers)}
        self.symbols.append((symbol, rows, likeness, limit))

    def pairs(self) -> tuple[tuple[Pair, ...], int]:
        rows, columns = np.nonzero(np.triu(self.beyond, 1))
        overall = self.alike[rows, columns] / np.maximum(self.weight[rows, columns], 1)
        rare = self.rare[rows, columns]
        best = np.lexsort((columns, rows, -overall, -rare))[:MOST_PAIRS]
        return tuple(
            self._pair(rows[each], columns[each], float(overall[each]), int(rare[each])) for each in best
        ), len(rows)

    def _pair(self, row: int, column: int, overall: float, rare: int) -> Pair:
        one, other = self.owners[row], self.owners[column]
        alike = [
            (symbol, float(likeness[rows[one], rows[other]]))
            for symbol, rows, likeness, limit in self.symbols
            if one in rows and other in rows and likeness[rows[one], rows[other]] > limit
        ]
        return Pair(one, other, overall, rare, tuple(sorted(alike, key=lambda each: -each[1])))


def _by_symbol(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for each in answers:
        found[each.symbol].append(each)
    return dict(found)


def _twins(of_symbol: Mapping[str, Sequence[Answer]]) -> tuple[Twins, ...]:
    groups: defaultdict[tuple[str, bytes], list[Answer]] = defaultdict(list)
    for symbol, answers in of_symbol.items():
        for each in answers:
            if each.long_enough:
                digest = hashlib.sha256(each.tokens.filtered.encode("utf-8", "surrogatepass")).digest()
                groups[symbol, digest].append(each)
    twins = [
        Twins(symbol, tuple(sorted(each.owner for each in group)), len(group[0].own))
        for (symbol, _), group in groups.items()
        if len(group) > 1
    ]
    return tuple(sorted(twins, key=lambda each: (-len(each.owners), -each.runs, each.owners)))
