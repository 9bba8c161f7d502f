"""Lay out how alike answers are: each symbol beside its baseline, pairs, and groups of the same."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.classreport.people import Directory, People, Person
from grader.reporting.classreport.plots import compared
from grader.reporting.classreport.similarity import Comparison, Pair, SymbolComparison
from grader.reporting.classreport.words import NOTHING, PERCENT, drawn, share_words
from grader.reporting.text import number
from grader.results import ClassReport

DETAILED_PAIRS = 25
"""Pairs whose code is shown side by side, each on a page of its own."""

MOST_TWINS = 100


@dataclass(frozen=True, slots=True)
class SymbolView:
    """One symbol's likeness beside its baseline."""

    comparison: SymbolComparison
    plot: Markup
    class_median: str
    limit: str
    independent: int


@dataclass(frozen=True, slots=True)
class PairView:
    """Two submissions that are alike; `page` shows them side by side, empty for those further down."""

    one: Person
    other: Person
    overall: float
    rare: int
    alike: str
    symbols: int
    scores: str
    page: str


@dataclass(frozen=True, slots=True)
class SimilarView:
    """Likeness over the class."""

    symbols: tuple[SymbolView, ...]
    pairs: tuple[PairView, ...]
    beyond: int
    twins: tuple[tuple[str, int, People], ...]
    unreadable: People


def similar_view(
    comparison: Comparison,
    report: ClassReport,
    assignment: Assignment,
    people: Directory,
    unreadable: Sequence[str],
) -> SimilarView:
    """Return the likeness of the class's answers beside the baseline."""
    order = {symbol: place for place, symbol in enumerate(assignment.symbols)}
    scores = {each.id: number(each.score) for each in report.submissions}
    symbols = sorted(comparison.symbols, key=lambda each: order.get(each.symbol, len(order)))
    return SimilarView(
        symbols=tuple(map(_symbol_view, symbols)),
        pairs=tuple(
            _pair_view(place, pair, scores, people) for place, pair in enumerate(comparison.pairs, start=1)
        ),
        beyond=comparison.pairs_beyond,
        twins=tuple(
            (each.symbol, len(each.owners), people.people(each.owners))
            for each in comparison.twins[:MOST_TWINS]
        ),
        unreadable=people.people(unreadable),
    )


def pair_page(place: int) -> str:
    """Return the file name of a pair's own page."""
    return f"pair-{place:02}.html"


def _symbol_view(comparison: SymbolComparison) -> SymbolView:
    ours, baseline = (
        [100 * float(each) for each in values] for values in (comparison.pairs, comparison.baseline)
    )
    what = (
        f"Likeness of {len(ours)} pairs of answers to {comparison.symbol}, "
        f"beside {len(baseline)} pairs of independent answers"
    )
    return SymbolView(
        comparison=comparison,
        plot=drawn(compared(ours, baseline, PERCENT, 20, what)),
        class_median=share_words(statistics.median(ours)) if ours else NOTHING,
        limit=share_words(100 * comparison.limit),
        independent=round((1 + (1 + 8 * len(baseline)) ** 0.5) / 2) if baseline else 0,
    )


def _pair_view(place: int, pair: Pair, scores: Mapping[str, str], people: Directory) -> PairView:
    return PairView(
        one=people.person(pair.one),
        other=people.person(pair.other),
        overall=pair.overall,
        rare=pair.rare,
        alike=", ".join(f"{symbol} {share_words(100 * share)}" for symbol, share in pair.alike),
        symbols=len(pair.alike),
        scores=f"{scores.get(pair.one, NOTHING)} and {scores.get(pair.other, NOTHING)}",
        page=pair_page(place) if place <= DETAILED_PAIRS else "",
    )
