"""Compare code by its tokens, whatever its layout, comments, quotes and names."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

GRAM = 16
"""Tokens in a gram: more than nearly any one line of NumPy has, so that no common idiom fills one."""

_LITERAL_OR_COMMENT = re.compile(
    r'("""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|#([^\n]*)",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"(?P<name>[^\W\d]\w*)"
    r"|(?P<number>0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)"
    r"|(?P<operator>\*\*=|//=|>>=|<<=|\*\*|//|>>|<<|->|:=|[-+*/%@&|^=!<>]=|[^\s\w])"
)
_ESCAPED_SPACE = re.compile(r"\\[nrt]")
# Quotes go, so that code inside a string reads like code outside; the rest is layout.
_LAYOUT = frozenset("'\"`#\\;")
_CLOSING = frozenset(")]}")


Key = tuple[str | int, ...]
"""A run of tokens, equal for runs that differ only in the choice of free names: in the place of a free name
stands how many tokens ago it was used before, or 0 where it was not."""


class Token(NamedTuple):
    """One significant token and its line, counted from 1. A free name may be another in a copy."""

    text: str
    line: int
    free: bool


class Gram(NamedTuple):
    """Tokens in a row and the line of the first."""

    key: Key
    line: int


def code_tokens(text: str) -> list[Token]:
    """Return the tokens of `text` outside comments; the insides of strings are read as code."""
    return list(_tokens(_LITERAL_OR_COMMENT.sub(lambda match: match[1] or "", text)))


def comment_tokens(text: str) -> list[Token]:
    """Return the tokens inside the comments of `text`, read as code."""
    lines = []
    for line in text.split("\n"):
        comments = [match[2] for match in _LITERAL_OR_COMMENT.finditer(line) if match[2] is not None]
        lines.append(" ".join(comments))
    return code_tokens("\n".join(lines))


def grams(tokens: Sequence[Token], size: int = GRAM) -> Iterator[Gram]:
    """Give each run of `size` tokens; none when there are fewer."""
    last: dict[str, int] = {}
    following: dict[int, int] = {}
    items: list[str | int] = []
    for index, (text, _, free) in enumerate(tokens):
        before = last.get(text) if free else None
        if before is not None:
            following[before] = index
        last[text] = index
        items.append(0 if before is None else index - before) if free else items.append(text)
    for start in range(len(tokens) - size + 1):
        yield Gram(tuple(items[start : start + size]), tokens[start].line)
        # The runs to come do not hold this token, so that its next use is the first in them.
        if start in following:
            items[following[start]] = 0


def _tokens(text: str) -> Iterator[Token]:
    raw = list(_raw_tokens(text))
    words = [word for _, word, _ in raw] + [""]
    for index, (free, word, line) in enumerate(raw):
        # A formatter's trailing comma is layout.
        if word != "," or words[index + 1] not in _CLOSING:
            yield Token(word, line, free)


def _raw_tokens(text: str) -> Iterator[tuple[bool, str, int]]:
    line, position, before = 1, 0, ""
    for match in _TOKEN.finditer(_ESCAPED_SPACE.sub("  ", text)):
        word = match[0]
        line += text.count("\n", position, match.start())
        position = match.start()
        if word not in _LAYOUT:
            free = match.lastgroup == "name" and before != "." and not keyword.iskeyword(word)
            yield free, word, line
            before = word
