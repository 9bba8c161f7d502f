"""Compare every answer of a class with every other, beside right answers that were written independently.

The similarity of two answers is the share of the shorter one's runs of tokens that the other has too. Which answers
have which runs is a matrix of zeros and ones, and its product with itself holds the number of runs that each two share.
That product is as large as the class is long times itself, so it is made and looked at a block of rows at a time, and
of each block nothing stays but counts and the most alike pairs. Answers with the same runs are one row of it.

An answer is first reduced to what copying leaves alike. Every name becomes ``V``, the name of a function that is
defined ``F``, that of a class ``O``, and the inside of a string ``S``; white space and comments go, and all else
stays. Of the letters that are left every run of `LENGTH` is hashed. The hashes depend on the text alone, so that a
report repeats exactly; Python's own hash of strings does not.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

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

STEPS = 100_000
"""Similarities are counted in so many equal steps from 0 to 1, and those of 1 apart."""

_BLOCK = 1 << 22
"""Numbers of a matrix that are worked on at a time: 16 MiB of them."""

Shares = npt.NDArray[np.float32]
Counts = npt.NDArray[np.int64]
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
    code
        Its text, of which `digest` is the tokens'.
    own
        The distinct hashes of its tokens, those of the released stub removed.
    """

    owner: str
    symbol: str
    code: str
    digest: bytes
    own: Hashes

    @property
    def long_enough(self) -> bool:
        """Whether the answer says enough to be compared."""
        return len(self.own) >= FEWEST_RUNS


@dataclass(frozen=True)
class AnswerTokeniser:
    """Turns answers' texts into tokens, with the stubs' own tokens and what was tokenised before at hand.

    The same text occurs often in a class that shares its earlier answers; it is tokenised once, and of each the
    hashes alone are kept.
    """

    given: Mapping[str, Hashes]
    known: dict[tuple[str, str], TokenisedAnswer] = field(default_factory=dict)

    @classmethod
    def of(cls, stubs: Mapping[str, str]) -> AnswerTokeniser:
        """Return a tokeniser for an assignment whose `stubs` are given by symbol."""
        return cls({symbol: tokens_of(text).distinct for symbol, text in stubs.items()})

    def answer(self, owner: str, symbol: str, text: str) -> TokenisedAnswer:
        """Return `owner`'s answer to `symbol`, which reads `text`."""
        if (symbol, text) not in self.known:
            tokens = tokens_of(text)
            digest = hashlib.sha256(tokens.letters.encode("utf-8", "surrogatepass")).digest()
            given = self.given.get(symbol, np.zeros(0, np.uint64))
            own = np.setdiff1d(tokens.distinct, given, assume_unique=True)
            self.known[symbol, text] = TokenisedAnswer(owner, symbol, text, digest, own)
        return replace(self.known[symbol, text], owner=owner)


@dataclass(frozen=True, slots=True)
class SymbolSimilarity:
    """One symbol over the class.

    Attributes
    ----------
    answers
        How many were compared; `short` more were too short.
    pairs
        How many pairs of them are that alike, by `STEPS`.
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
    pairs: Counts
    independent: int
    baseline: Counts
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
    owners = sorted({each.owner for group in of_symbol.values() for each in group})
    place = {owner: number for number, owner in enumerate(owners)}
    compared = [
        _Symbol.of(
            symbol, sorted(group, key=lambda each: place[each.owner]), baselines.get(symbol, []), place
        )
        for symbol, group in of_symbol.items()
    ]
    best = _Best(owners, compared)
    height = max(1, _BLOCK // max(len(owners), 1))
    for top in range(0, len(owners), height):
        best.compare_rows(top, min(top + height, len(owners)))
    return ClassSimilarity(
        tuple(each.similarity() for each in compared), best.pairs(), best.count, _same(of_symbol)
    )


def similarity_matrix(answers: Sequence[TokenisedAnswer]) -> tuple[Shares, Shares]:
    """Return the similarity of every answer with every other, and how many rare runs each two share."""
    return _Shared(answers).rows(0, len(answers))


def counted(shares: Shares) -> Counts:
    """Count similarities by `STEPS`."""
    steps = (shares.ravel().astype(np.float64) * STEPS).astype(np.int64)
    return np.bincount(steps, minlength=STEPS + 1)


class _Shared:
    """How many runs each two of some answers share; answers that have the same runs are one row.

    Runs that many have are ones of a matrix, which a product counts quickly. Rare ones are more than those and
    each with few owners, so for each its owners are gone through.
    """

    def __init__(self, answers: Sequence[TokenisedAnswer]) -> None:
        kinds: dict[bytes, int] = {}
        self.row = np.array([kinds.setdefault(each.own.tobytes(), len(kinds)) for each in answers], int)
        runs = [np.frombuffer(each, np.uint64) for each in kinds]
        self.sizes = np.array([len(each) for each in runs], np.float32)
        self.count = len(runs)
        owner = np.repeat(np.arange(self.count), [len(each) for each in runs])
        _, run = np.unique(np.concatenate([*runs, np.zeros(0, np.uint64)]), return_inverse=True)
        weights = np.bincount(self.row, minlength=self.count)[owner]
        times = np.bincount(run, weights)
        most = max(2, int(RARE * len(answers)))
        self.common = _sorted_by_run(owner, run, times > most)
        self.rare = _sorted_by_run(owner, run, (times > 1) & (times <= most))

    def rows(self, first: int, last: int) -> tuple[Shares, Shares]:
        """Return similarity and shared rare runs of the answers from `first` to `last` with those from `first` on."""
        rows, which = np.unique(self.row[first:last], return_inverse=True)
        others, column = np.unique(self.row[first:], return_inverse=True)
        grid = np.ix_(which, column)
        rare = self._rare(rows)[:, others]
        shorter = np.maximum(np.minimum(self.sizes[rows, None], self.sizes[others]), 1)
        return np.asarray((self._common(rows, others) + rare) / shorter, np.float32)[grid], rare[grid]

    def shorter(self, first: int, last: int) -> Shares:
        """Return how many runs the shorter of each two has, for the same answers."""
        sizes = self.sizes[self.row]
        return np.asarray(np.minimum(sizes[first:last, None], sizes[None, first:]), np.float32)

    def _common(self, rows: npt.NDArray[np.intp], others: npt.NDArray[np.intp]) -> Shares:
        owner, column = self.common
        shared = np.zeros((len(rows), len(others)), np.float32)
        width = max(1, _BLOCK // max(self.count, 1))
        for start in range(0, int(column[-1]) + 1 if len(column) else 0, width):
            here = slice(*np.searchsorted(column, (start, start + width)))
            block = np.zeros((self.count, width), np.float32)
            block[owner[here], column[here] - start] = 1
            shared += block[rows] @ block[others].T
        return shared

    def _rare(self, rows: npt.NDArray[np.intp]) -> Shares:
        owner, column = self.rare
        shared = np.zeros((len(rows), self.count), np.float32)
        place = np.full(self.count, -1)
        place[rows] = np.arange(len(rows))
        ours = np.flatnonzero(place[owner] >= 0)
        begin = np.searchsorted(column, column[ours])
        times = np.searchsorted(column, column[ours], side="right") - begin
        for part in np.split(np.arange(len(ours)), np.flatnonzero(np.diff(np.cumsum(times) // _BLOCK)) + 1):
            # Each entry of these rows meets every owner of its run.
            ends = np.cumsum(times[part])
            within = np.arange(times[part].sum()) - np.repeat(ends - times[part], times[part])
            other = owner[np.repeat(begin[part], times[part]) + within]
            np.add.at(shared, (np.repeat(place[owner[ours[part]]], times[part]), other), np.float32(1))
        return shared


def _sorted_by_run(
    owner: npt.NDArray[np.intp], run: npt.NDArray[np.intp], counted: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return who has the `counted` runs, and their numbers among these, in ascending order."""
    kept = counted[run]
    owner, column = owner[kept], (np.cumsum(counted) - 1)[run[kept]]
    order = np.argsort(column, kind="stable")
    return owner[order], column[order]


@dataclass
class _Symbol:
    """One symbol's answers, in the order of their owners' places, and what has been counted of their pairs."""

    symbol: str
    shared: _Shared
    places: npt.NDArray[np.intp]
    short: int
    independent: int
    baseline: Counts
    limit: float
    pairs: Counts
    beyond: int = 0

    @classmethod
    def of(
        cls,
        symbol: str,
        answers: Sequence[TokenisedAnswer],
        independent: Sequence[TokenisedAnswer],
        place: Mapping[str, int],
    ) -> _Symbol:
        long = [each for each in answers if each.long_enough]
        baseline = [each for each in independent if each.long_enough]
        known = similarity_matrix(baseline)[0][np.triu_indices(len(baseline), 1)]
        limit = max(NEAR, float(known.max()) if len(known) >= FEWEST_BASELINE else NEAR)
        return cls(
            symbol,
            _Shared(long),
            np.array([place[each.owner] for each in long], int),
            len(answers) - len(long),
            len(baseline),
            counted(known),
            limit,
            np.zeros(STEPS + 1, np.int64),
        )

    def similarity(self) -> SymbolSimilarity:
        """Return what was found."""
        return SymbolSimilarity(
            self.symbol,
            len(self.places),
            self.short,
            self.pairs,
            self.independent,
            self.baseline,
            self.limit,
            self.beyond,
        )

    def alike(self, one: int, other: int) -> tuple[str, float] | None:
        """Return the similarity of the answers of two owners, if they have some and it is beyond the limit."""
        first, second = np.searchsorted(self.places, (one, other))
        if second >= len(self.places) or (self.places[first], self.places[second]) != (one, other):
            return None
        share = self.shared.rows(int(first), int(first) + 1)[0][0, second - first]
        return (self.symbol, float(share)) if share > self.limit else None  # in float32, as for all pairs


class _Best:
    """The most alike pairs over all symbols, where the shorter answer's length weighs a symbol."""

    def __init__(self, owners: Sequence[str], symbols: Sequence[_Symbol]) -> None:
        self.owners, self.symbols = owners, symbols
        self.count = 0
        self.found = tuple(np.zeros(0, kind) for kind in (np.float32, np.float32, int, int))
        """Of each: rare runs, overall similarity, and its two places."""

    def compare_rows(self, top: int, bottom: int) -> None:
        """Look at the pairs of the owners from `top` to `bottom` with themselves and with those behind them."""
        shape = (bottom - top, len(self.owners) - top)
        alike, weight, rare = (np.zeros(shape, np.float32) for _ in range(3))
        beyond = np.zeros(shape, bool)
        for symbol in self.symbols:
            first, last = map(int, np.searchsorted(symbol.places, (top, bottom)))
            if first == last:
                continue
            shares, shared = symbol.shared.rows(first, last)
            shorter = symbol.shared.shorter(first, last)
            grid = np.ix_(symbol.places[first:last] - top, symbol.places[first:] - top)
            alike[grid] += shares * shorter
            weight[grid] += shorter
            rare[grid] += shared
            far = shares > symbol.limit
            beyond[grid] |= far
            upper = np.triu(np.ones(shares.shape, bool), 1)
            symbol.pairs += counted(shares[upper])
            symbol.beyond += int(np.count_nonzero(far & upper))
        rows, columns = np.nonzero(np.triu(beyond, 1))
        overall = alike[rows, columns] / np.maximum(weight[rows, columns], 1)
        self.count += len(rows)
        self._keep(rare[rows, columns], overall, rows + top, columns + top)

    def _keep(self, *more: npt.NDArray[Any]) -> None:
        rare, overall, rows, columns = (np.concatenate(both) for both in zip(self.found, more, strict=True))
        best = np.lexsort((columns, rows, -overall, -rare))[:MOST_PAIRS]
        self.found = rare[best], overall[best], rows[best], columns[best]

    def pairs(self) -> tuple[SimilarPair, ...]:
        """Return them, the most alike first."""
        return tuple(self._pair(*each) for each in zip(*(each.tolist() for each in self.found), strict=True))

    def _pair(self, rare: float, overall: float, row: int, column: int) -> SimilarPair:
        alike = [found for symbol in self.symbols if (found := symbol.alike(row, column))]
        return SimilarPair(
            self.owners[row],
            self.owners[column],
            overall,
            int(rare),
            tuple(sorted(alike, key=lambda each: -each[1])),
        )


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
                groups[symbol, each.digest].append(each)
    same = [
        SameAnswers(symbol, tuple(sorted(each.owner for each in group)), len(group[0].own))
        for (symbol, _), group in groups.items()
        if len(group) > 1
    ]
    return tuple(sorted(same, key=lambda each: (-len(each.owners), -each.runs, each.owners)))
