"""Show two answers side by side, with what they share marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from grader.reporting.classreport.answers import Answer
from grader.reporting.classreport.similarity import Pair
from grader.reporting.classreport.tokens import Hashes, shared_slices

Answers = Mapping[tuple[str, str], Answer]
"""Owner and symbol to the answer."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One symbol's two answers as marked code."""

    symbol: str
    likeness: float
    one: Markup
    other: Markup


def side_by_side(pair: Pair, answers: Answers) -> tuple[SideBySide, ...]:
    """Return the answers in which a pair is alike, the most alike first."""
    sides = []
    for symbol, likeness in pair.alike:
        one, other = answers[pair.one, symbol], answers[pair.other, symbol]
        shared = np.intersect1d(one.own, other.own, assume_unique=True)
        sides.append(SideBySide(symbol, likeness, marked(one, shared), marked(other, shared)))
    return tuple(sides)


def marked(answer: Answer, shared: Hashes) -> Markup:
    """Return an answer's code, escaped, with what belongs to the `shared` runs in ``<mark>``."""
    code, at, pieces = answer.tokens.code, 0, []
    for start, end in shared_slices(answer.tokens, shared):
        pieces.append(Markup("{}<mark>{}</mark>").format(code[at:start], code[start:end]))
        at = end
    return Markup("").join([*pieces, escape(code[at:])])
