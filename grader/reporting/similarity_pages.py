"""The pages about similar answers: each symbol beside its baseline, the pairs, and pairs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from markupsafe import Markup, escape

from grader.course.assignment import Assignment
from grader.reporting.charts import PERCENT, compared
from grader.reporting.similarity import (
    STEPS,
    ClassSimilarity,
    Counts,
    Hashes,
    SimilarPair,
    SymbolSimilarity,
    TokenisedAnswer,
    shared_slices,
    tokens_of,
)
from grader.results import SubmissionReport

DETAILED_PAIRS = 25
"""Pairs whose code is shown side by side, each on a page of its own."""

MOST_GROUPS = 100
"""Groups of the same answer that are listed."""

BINS = 20

PAGE = "similar.html"

Answers = Mapping[tuple[str, str], TokenisedAnswer]
"""Owner and symbol to the answer."""


def similarity_pages(
    similarity: ClassSimilarity | None,
    answers: Answers,
    unreadable: Sequence[str],
    submissions: Sequence[SubmissionReport],
    assignment: Assignment,
) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Yield file name, template and context of the page about the class, and of a page for each of the first pairs."""
    if similarity is None:
        yield PAGE, "similarity.html", {"similarity": None}
        return
    order = {symbol: place for place, symbol in enumerate(assignment.symbols)}
    scores = {each.id: each.score for each in submissions}
    pages = {pair: f"pair-{place:02}.html" for place, pair in enumerate(similarity.pairs[:DETAILED_PAIRS], 1)}
    yield (
        PAGE,
        "similarity.html",
        {
            "similarity": similarity,
            "symbols": [
                (each, _chart(each), _median(each.pairs))
                for each in sorted(similarity.symbols, key=lambda each: order.get(each.symbol, len(order)))
            ],
            "pair_pages": pages,
            "scores_by_id": scores,
            "same": similarity.same[:MOST_GROUPS],
            "unreadable": unreadable,
        },
    )
    for pair, page in pages.items():
        sides = [side_by_side(pair, symbol, answers) for symbol, _ in pair.alike]
        yield (
            page,
            "similar_pair.html",
            {"pair": pair, "sides": sides, "scores_by_id": scores, "current": PAGE},
        )


def side_by_side(pair: SimilarPair, symbol: str, answers: Answers) -> tuple[Markup, Markup]:
    """Return a pair's two answers to `symbol`, with what both have marked."""
    one, other = answers[pair.one, symbol], answers[pair.other, symbol]
    shared = np.intersect1d(one.own, other.own, assume_unique=True)
    return marked(one, shared), marked(other, shared)


def marked(answer: TokenisedAnswer, shared: Hashes) -> Markup:
    """Return an answer's code, escaped, with what belongs to the `shared` runs in ``<mark>``."""
    tokens = tokens_of(answer.code)
    code, at, pieces = tokens.code, 0, []
    for start, end in shared_slices(tokens, shared):
        pieces.append(Markup("{}<mark>{}</mark>").format(code[at:start], code[start:end]))
        at = end
    return Markup("").join([*pieces, escape(code[at:])])


def _median(pairs: Counts) -> float | None:
    """Return the median in percent, to a thousandth of one."""
    count = int(pairs.sum())
    middle = np.searchsorted(np.cumsum(pairs), [(count - 1) // 2, count // 2], side="right")
    return 100 * float(middle.mean()) / STEPS if count else None


def _chart(symbol: SymbolSimilarity) -> Markup:
    ours, baseline = _in_bins(symbol.pairs), _in_bins(symbol.baseline)
    what = (
        f"Similarity of {sum(ours)} pairs of answers to {symbol.symbol}, "
        f"beside {sum(baseline)} pairs of independent answers"
    )
    return compared(ours, baseline, PERCENT, what)


def _in_bins(pairs: Counts) -> list[int]:
    counts = [int(each.sum()) for each in np.split(pairs[:STEPS], BINS)]
    counts[-1] += int(pairs[STEPS])  # the last bin holds its end
    return counts
