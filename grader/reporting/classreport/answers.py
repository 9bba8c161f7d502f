"""Cut a submission down to its answers: the judged functions with the helpers they use, nothing that was given."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from grader.intake.layout import ResolvedLayout
from grader.intake.release import ReleaseSource
from grader.intake.source import Node, is_stub
from grader.reporting.classreport.tokens import Hashes, Tokens, plain_code, tokens_of

FEWEST = 40
"""Runs of tokens of an answer's own below which it is too short for likeness to say anything."""

UNREADABLE = (RecursionError, SyntaxError, ValueError)
"""What writing a parsed program may end in: it is nested too deeply, or holds a string that no source can hold."""


@dataclass(frozen=True, slots=True)
class Answer:
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
        return len(self.own) >= FEWEST


@dataclass(frozen=True)
class AnswerReader:
    """Reads answers, with the stubs' own tokens and what was tokenised before at hand.

    The same definition occurs often in a class that shares its earlier homework; it is tokenised once.
    """

    given: Mapping[str, Hashes]
    released: Mapping[str, Node]
    known: dict[str, Tokens]

    @classmethod
    def of(cls, release: ReleaseSource) -> AnswerReader:
        """Return a reader for a homework."""
        given = {symbol: tokens_of(plain_code((node,))).distinct for symbol, node in release.released.items()}
        return cls(given, release.released, {})

    def of_submission(self, owner: str, layout: ResolvedLayout) -> tuple[list[Answer], bool]:
        """Return the answers that were written, and whether all of them could be read.

        A file that does not parse has no answers to read; nor can Python write every program that it reads.
        """
        found: list[Answer] = []
        complete = True
        for symbol, path in layout.holders.items():
            source = layout.sources[path]
            complete = complete and source.error is None
            if symbol not in source.definitions:
                continue
            try:
                if not is_stub(source.definitions[symbol], self.released.get(symbol)):
                    found.append(self.answer(owner, symbol, source.definitions))
            except UNREADABLE:
                complete = False
        return found, complete

    def answer(self, owner: str, symbol: str, definitions: Mapping[str, Node]) -> Answer:
        """Return the answer to `symbol` among the definitions of its file.

        Raises
        ------
        RecursionError, SyntaxError, ValueError
            Python cannot write what it read: see `UNREADABLE`.
        """
        code = plain_code(with_helpers(symbol, definitions, self.released))
        tokens = self.known.get(code) or tokens_of(code)
        self.known[code] = tokens
        given = self.given.get(symbol, np.zeros(0, np.uint64))
        return Answer(owner, symbol, tokens, np.setdiff1d(tokens.distinct, given, assume_unique=True))


def with_helpers(symbol: str, definitions: Mapping[str, Node], judged: Collection[str]) -> tuple[Node, ...]:
    """Return the definition of `symbol` and those of its file that it uses, but for other judged answers."""
    found: dict[str, Node] = {}
    waiting = [symbol]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found and (name == symbol or name not in judged):
            found[name] = definitions[name]
            waiting.extend(_names(definitions[name]))
    return tuple(found.values())


def _names(node: Node) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
