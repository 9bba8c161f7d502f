"""Reduce an answer to what copying leaves alike: its tokens, without names, comments and layout, as hashes.

Tokens are copydetect's: every name is ``V``, every string ``S``, and white space and comments are gone. Of the
text that is left every run of `LENGTH` characters is hashed. The hashes depend on the text alone, so that a
report repeats exactly; Python's own hash of strings does not.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from copydetect.utils import filter_code, get_copied_slices

from grader.intake.source import Node

LENGTH = 25
"""Characters of a run: about eight tokens, a line of loops and indices. It is copydetect's own default."""

LONGEST = 50_000
"""Characters of an answer that are looked at; homework needs a tenth."""

_MULTIPLIER = np.uint64(1_099_511_628_211)

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """An answer as tokens.

    Attributes
    ----------
    code
        The answer as Python reads it: no comments, no docstrings, one layout.
    filtered
        Its tokens as text.
    offsets
        Where the tokens came from, as copydetect writes it: place in `filtered`, characters left out before.
    hashes
        One per run of `LENGTH` characters, in the order of the text.
    """

    code: str
    filtered: str
    offsets: npt.NDArray[np.int64]
    hashes: Hashes

    @property
    def distinct(self) -> Hashes:
        """The hashes, sorted, each once."""
        return np.unique(self.hashes)


def tokens_of(code: str) -> Tokens:
    """Return the tokens of Python text."""
    code = code[:LONGEST]
    filtered, offsets = filter_code(code, "answer.py", "python")
    return Tokens(code, filtered, np.asarray(offsets), _hashes(filtered))


def plain_code(nodes: tuple[Node, ...]) -> str:
    """Return definitions as text in one layout, without comments and docstrings.

    Raises
    ------
    RecursionError, SyntaxError, ValueError
        Python cannot write what it read.
    """
    return "\n\n".join(ast.unparse(_without_docstrings(node)) for node in nodes) + "\n"


def shared_slices(tokens: Tokens, shared: Hashes) -> list[tuple[int, int]]:
    """Return which characters of the code belong to runs whose hashes are in `shared`."""
    places = np.nonzero(np.isin(tokens.hashes, shared))[0]
    if not len(places):
        return []
    slices = get_copied_slices(places, LENGTH).astype(np.int64)
    if len(tokens.offsets):
        found = np.searchsorted(tokens.offsets[:, 0], slices)
        slices = slices + tokens.offsets[:, 1][np.clip(found, 0, len(tokens.offsets) - 1)]
    return _merged([(int(start), int(end)) for start, end in slices.T], len(tokens.code))


def _merged(slices: list[tuple[int, int]], end_of_code: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(slices):
        end = min(stop, end_of_code)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _hashes(filtered: str) -> Hashes:
    data = np.array([ord(letter) for letter in filtered], np.uint64)
    count = len(data) - LENGTH + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(count, np.uint64)
    for place in range(LENGTH):
        hashes = hashes * _MULTIPLIER + data[place : place + count]
    return hashes


class _DocstringRemover(ast.NodeTransformer):
    """Drops what documents functions and classes; a body that was nothing else becomes ``pass``."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, Node) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


def _without_docstrings(node: Node) -> ast.AST:
    copied: ast.AST = _DocstringRemover().visit(ast.parse(ast.unparse(node)))
    return copied
