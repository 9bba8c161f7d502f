"""Reduce an answer to what copying leaves alike: its tokens, without names, comments and layout, as hashes.

Every name becomes ``V``, the name of a function that is defined ``F``, that of a class ``O``, and the inside of a
string ``S``; white space and comments go, and all else stays. Of the letters that are left every run of `LENGTH` is
hashed. The hashes depend on the text alone, so that a report repeats exactly; Python's own hash of strings does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, String, Text

LENGTH = 25
"""Letters of a run: about eight tokens, a line of loops and indices."""

LONGEST = 50_000
"""Characters of an answer that are looked at; homework needs a tenth."""

_PLAIN_NAMES = frozenset({Name, Name.Variable, Name.Attribute})
"""Kinds that say nothing; built-in functions, modules and decorators are other kinds and keep their names."""

_MULTIPLIER = np.uint64(1_099_511_628_211)

Hashes = npt.NDArray[np.uint64]


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
