"""Compare every answer of a class with every other, beside right answers that were written independently.

The similarity of two answers is the share of the shorter one's runs of tokens that the other has too. All pairs of a
symbol are counted at once: which answers have which runs is a matrix of zeros and ones, and its product with
itself, in blocks, holds the number of runs that each two share.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from grader.reporting.similarity_tokens import Hashes, Tokens, tokens_of

FEWEST_RUNS = 40
"""Runs of tokens of an answer's own below which it is too short for similarity to say anything."""

MOST_PAIRS = 300
"""Pairs kept: the most alike. Nobody reads more, and a class that shares its code has half a million."""

NEAR = 0.6
"""Similarity from which a pair is listed where the homework has too few independent answers to compare with."""

FEWEST_BASELINE = 3

RARE = 0.02
"""Share of a symbol's answers that may have a run for it to be rare; two always may."""

_BLOCK = 4096
"""Runs counted at a time: a thousand answers make a block of 16 MiB."""

Shares = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenisedAnswer:
    """One student's answer to one symbol.

    Attributes
    ----------
    owner
        The submission's id.
    own
        The distinct hashes of its tokens, those of the released stub removed.
    """

    owner: str
    symbol: str
    tokens: Tokens
    own: Hashes

    @property
    def long_enough(self) -> bool:
        """Whether the answer says enough to be compared."""
        return len(self.own) >= FEWEST_RUNS


@dataclass(frozen=True)
class AnswerTokeniser:
    """Turns answers' texts into tokens, with the stubs' own tokens and what was tokenised before at hand.

    The same text occurs often in a class that shares its earlier homework; it is tokenised once.
    """

    given: Mapping[str, Hashes]
    known: dict[str, Tokens] = field(default_factory=dict)

    @classmethod
    def of(cls, stubs: Mapping[str, str]) -> AnswerTokeniser:
        """Return a tokeniser for a homework whose `stubs` are given by symbol."""
        return cls({symbol: tokens_of(text).distinct for symbol, text in stubs.items()})

    def answer(self, owner: str, symbol: str, text: str) -> TokenisedAnswer:
        """Return `owner`'s answer to `symbol`, which reads `text`."""
        tokens = self.known.get(text) or tokens_of(text)
        self.known[text] = tokens
        given = self.given.get(symbol, np.zeros(0, np.uint64))
        own = np.setdiff1d(tokens.distinct, given, assume_unique=True)
        return TokenisedAnswer(owner, symbol, tokens, own)


@dataclass(frozen=True, slots=True)
class SymbolSimilarity:
    """One symbol over the class.

    Attributes
    ----------
    answers
        How many were compared; `short` more were too short.
    pairs
        The similarity of every two of them.
    baseline
        The similarity of every two of the `independent` right answers.
    limit
        The similarity that none of the baseline's pairs exceeds, `NEAR` at least.
    beyond
        How many of the class's pairs exceed it.
    """

    symbol: str
    answers: int
    short: int
    pairs: Shares
    independent: int
    baseline: Shares
    limit: float
    beyond: int


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two submissions that are alike.

    Attributes
    ----------
    overall
        Similarity of all their answers, weighed by length.
    rare
        Runs that both have and hardly anybody else: what a common source does not explain.
    alike
        The similarity of each answer that exceeds its symbol's limit.
    """

    one: str
    other: str
    overall: float
    rare: int
    alike: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class SameAnswers:
    """Answers to one symbol that are the same token for token, names, comments and layout aside."""

    symbol: str
    owners: tuple[str, ...]
    runs: int


@dataclass(frozen=True, slots=True)
class ClassSimilarity:
    """Which answers of a class are alike.

    Attributes
    ----------
    pairs
        Those that share most of what is rare; `pairs_beyond` were found.
    same
        Groups of the same answers, the largest first.
    """

    symbols: tuple[SymbolSimilarity, ...]
    pairs: tuple[SimilarPair, ...]
    pairs_beyond: int
    same: tuple[SameAnswers, ...]


def compare_class(
    answers: Iterable[TokenisedAnswer], independent: Iterable[TokenisedAnswer]
) -> ClassSimilarity:
    """Compare the answers of a class.

    Parameters
    ----------
    independent
        Right answers that were written without one another: the solution and the homework's variants.
    """
    of_symbol, baselines = _by_symbol(answers), _by_symbol(independent)
    total = _Total(sorted({each.owner for group in of_symbol.values() for each in group}))
    symbols = []
    for symbol, group in of_symbol.items():
        long = [each for each in group if each.long_enough]
        baseline = [each for each in baselines.get(symbol, []) if each.long_enough]
        known = pairwise(baseline)
        shares, rare = similarity_matrix(long)
        limit = max(NEAR, float(known.max()) if len(known) >= FEWEST_BASELINE else NEAR)
        total.add(symbol, long, shares, rare, limit)
        upper = shares[np.triu_indices(len(long), 1)]
        beyond, short = int((upper > limit).sum()), len(group) - len(long)
        symbols.append(SymbolSimilarity(symbol, len(long), short, upper, len(baseline), known, limit, beyond))
    pairs, count = total.pairs()
    return ClassSimilarity(tuple(symbols), pairs, count, _same(of_symbol))


def similarity_matrix(answers: Sequence[TokenisedAnswer]) -> tuple[Shares, Shares]:
    """Return the similarity of every answer with every other, and how many rare runs each two share."""
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
    shorter = np.maximum(_shorter(answers), 1)
    return np.asarray((common + rare) / shorter, np.float32), rare


def pairwise(answers: Sequence[TokenisedAnswer]) -> Shares:
    """Return the similarity of every two answers, each pair once."""
    return np.asarray(similarity_matrix(answers)[0][np.triu_indices(len(answers), 1)], np.float32)


def _shorter(answers: Sequence[TokenisedAnswer]) -> Shares:
    """Return for every two answers how many runs the shorter one has."""
    sizes = np.array([len(each.own) for each in answers], np.float32)
    return np.minimum(sizes[:, None], sizes[None, :])


def _count_shared(
    shared: Shares, owner: npt.NDArray[np.intp], run: npt.NDArray[np.intp], counted: npt.NDArray[np.bool_]
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
        self.symbols: list[tuple[str, Mapping[str, int], Shares, float]] = []

    def add(
        self, symbol: str, answers: Sequence[TokenisedAnswer], shares: Shares, rare: Shares, limit: float
    ) -> None:
        at = np.array([self.place[each.owner] for each in answers], int)
        grid, weight = np.ix_(at, at), _shorter(answers)
        self.alike[grid] += shares * weight
        self.weight[grid] += weight
        self.rare[grid] += rare
        self.beyond[grid] |= shares > limit
        rows = {each.owner: number for number, each in enumerate(answers)}
        self.symbols.append((symbol, rows, shares, limit))

    def pairs(self) -> tuple[tuple[SimilarPair, ...], int]:
        rows, columns = np.nonzero(np.triu(self.beyond, 1))
        overall = self.alike[rows, columns] / np.maximum(self.weight[rows, columns], 1)
        rare = self.rare[rows, columns]
        best = np.lexsort((columns, rows, -overall, -rare))[:MOST_PAIRS]
        return tuple(
            self._pair(rows[each], columns[each], float(overall[each]), int(rare[each])) for each in best
        ), len(rows)

    def _pair(self, row: int, column: int, overall: float, rare: int) -> SimilarPair:
        one, other = self.owners[row], self.owners[column]
        alike = [
            (symbol, float(shares[rows[one], rows[other]]))
            for symbol, rows, shares, limit in self.symbols
            if one in rows and other in rows and shares[rows[one], rows[other]] > limit
        ]
        return SimilarPair(one, other, overall, rare, tuple(sorted(alike, key=lambda each: -each[1])))


def _by_symbol(answers: Iterable[TokenisedAnswer]) -> dict[str, list[TokenisedAnswer]]:
    found: defaultdict[str, list[TokenisedAnswer]] = defaultdict(list)
    for each in answers:
        found[each.symbol].append(each)
    return dict(found)


def _same(of_symbol: Mapping[str, Sequence[TokenisedAnswer]]) -> tuple[SameAnswers, ...]:
    groups: defaultdict[tuple[str, bytes], list[TokenisedAnswer]] = defaultdict(list)
    for symbol, answers in of_symbol.items():
        for each in answers:
            if each.long_enough:
                digest = hashlib.sha256(each.tokens.letters.encode("utf-8", "surrogatepass")).digest()
                groups[symbol, digest].append(each)
    same = [
        SameAnswers(symbol, tuple(sorted(each.owner for each in group)), len(group[0].own))
        for (symbol, _), group in groups.items()
        if len(group) > 1
    ]
    return tuple(sorted(same, key=lambda each: (-len(each.owners), -each.runs, each.owners)))
