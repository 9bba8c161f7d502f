"""Compare every answer of a class with every other, beside right answers that were written independently.

The similarity of two answers is the share of the shorter one's runs of tokens that the other has too. All pairs of a
symbol are counted at once: which answers have which runs is a matrix of zeros and ones, and its product with
itself, in blocks, holds the number of runs that each two share.

An answer is first reduced to what copying leaves alike. Every name becomes ``V``, the name of a function that is
defined ``F``, that of a class ``O``, and the inside of a string ``S``; white space and comments go, and all else
stays. Of the letters that are left every run of `LENGTH` is hashed. The hashes depend on the text alone, so that a
report repeats exactly; Python's own hash of strings does not.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, String, Text

FEWEST_RUNS = 40
"""Runs of tokens of an answer's own below which it is too short for similarity to say anything."""

MOST_PAIRS = 300
"""Pairs kept: the most alike. Nobody reads more, and a class that shares its code has half a million."""

NEAR = 0.6
"""Similarity from which a pair is listed where the assignment has too few independent answers to compare with."""

FEWEST_BASELINE = 3

RARE = 0.02
"""Share of a symbol's answers that may have a run for it to be rare; two always may."""

_BLOCK = 4096
"""Runs counted at a time: a thousand answers make a block of 16 MiB."""

Shares = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]

LENGTH = 25
"""Letters of a run: about eight tokens, a line of loops and indices."""

LONGEST = 50_000
"""Characters of an answer that are looked at; answers need a tenth."""

_PLAIN_NAMES = frozenset({Name, Name.Variable, Name.Attribute})
"""Kinds that say nothing; built-in functions, modules and decorators are other kinds and keep their names."""

_MULTIPLIER = np.uint64(1_099_511_628_211)


@dataclass(frozen=True, slots=True)
class Tokens:
    """An answer as tokens.

    Attributes
    ----------
    code
        The text that was read.
    letters
        Its tokens as text.
    starts, ends
        For every letter, where the characters of `code` that it stands for begin and end.
    hashes
        One per run of `LENGTH` letters, in the order of the text.
    """

    code: str
    letters: str
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    hashes: Hashes

    @property
    def distinct(self) -> Hashes:
        """The hashes, sorted, each once."""
        return np.unique(self.hashes)


def tokens_of(code: str) -> Tokens:
    """Return the tokens of Python text, whether or not it is whole."""
    code = code[:LONGEST]
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, kind, text in _lexer().get_tokens_unprocessed(code):
        shown = _letters(kind, text)
        letters.append(shown)
        if len(shown) == 1:  # stands for the whole token; longer ones are the token itself
            starts.append(start)
            ends.append(start + len(text))
        else:
            starts.extend(range(start, start + len(shown)))
            ends.extend(range(start + 1, start + len(shown) + 1))
    joined = "".join(letters)
    return Tokens(code, joined, np.array(starts, np.int64), np.array(ends, np.int64), _hashes(joined))


def shared_slices(tokens: Tokens, shared: Hashes) -> list[tuple[int, int]]:
    """Return which characters of the code belong to runs whose hashes are in `shared`, in ascending order."""
    runs = np.flatnonzero(np.isin(tokens.hashes, shared))
    apart = np.flatnonzero(np.diff(runs) > LENGTH) + 1  # from here on no letter belongs to the run before
    groups = np.split(runs, apart) if len(runs) else []
    return [(int(tokens.starts[each[0]]), int(tokens.ends[each[-1] + LENGTH - 1])) for each in groups]


def _letters(kind: object, text: str) -> str:
    """Return what stands for a token among the letters; nothing for white space and comments."""
    if kind in _PLAIN_NAMES:
        return "V"
    if kind in Name.Function:
        return "F"
    if kind in Name.Class:
        return "O"
    if kind in String:
        return '"' if text in {"'", '"'} else "S"
    return "" if kind in Text or kind in Comment else text


@cache
def _lexer() -> PythonLexer:
    return PythonLexer()


def _hashes(letters: str) -> Hashes:
    data = np.array([ord(letter) for letter in letters], np.uint64)
    count = len(data) - LENGTH + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(count, np.uint64)
    for place in range(LENGTH):
        hashes = hashes * _MULTIPLIER + data[place : place + count]
    return hashes


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

    The same text occurs often in a class that shares its earlier answers; it is tokenised once.
    """

    given: Mapping[str, Hashes]
    known: dict[str, Tokens] = field(default_factory=dict)

    @classmethod
    def of(cls, stubs: Mapping[str, str]) -> AnswerTokeniser:
        """Return a tokeniser for an assignment whose `stubs` are given by symbol."""
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
        Right answers that were written without one another: the solution and the assignment's variants.
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
