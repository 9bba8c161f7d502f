"""Read a Python file that does not parse: what is broken in it costs itself, and the rest is taken as it stands.

Every line keeps its number. Where a definition is left out, what takes its place says why when it is called.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.intake.salvage import CONFLICT, decoded, has_conflict, resolved
from grader.intake.source import Node, SourceFile, parse, read_source

NULLS = "The file holds null characters, which were left out."
LEFT_OUT = "{what} was left out, for it does not parse: {why}."
STATEMENT = "Line {number}"
UNFINISHED = "line {number} is not indented as what stands around it"

_MOST_PARSED, _MOST_TIMES = 500_000, 20
"""Characters that are parsed to find out what of one file parses, and how often all of a small one."""

_FAR = 3
"""Pieces that are put together before an error has to look unfinished to go on."""

_MARKS = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:\s.*)?$", re.MULTILINE)
_COOKIE = re.compile(r"\A((?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding)[:=]")
_DEFINES = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_GOES_ON = re.compile(r"[\s#)\]}]|(?:else|elif|except|finally)\b")
"""How a line begins that belongs to what stands before it, or to nothing."""

_UNFINISHED = re.compile(r"unterminated|never closed|EOF|expected an indented block|expected 'except'")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines from `first` up to `last` of a file, counted from 0, that parse or, with an `error`, do not."""

    first: int
    last: int
    error: str = ""


def look_past_damage(source: SourceFile) -> SourceFile:
    """Return what can be seen in a file that does not parse, with data that does; `source` where that is nothing."""
    text, oddities = _plain_text(source.data)
    taken = read_source(source.path, text.encode())
    lost: dict[str, str] = {}
    if taken.error:
        lines = text.split("\n")
        for piece in _left_out(lines):
            found = _DEFINES.search("\n".join(lines[piece.first : piece.last]))
            name = found[1] if found else ""
            if found:
                lost[name] = piece.error
            what = f"`{name}`" if name else STATEMENT.format(number=piece.first + 1)
            oddities.append(LEFT_OUT.format(what=what, why=piece.error))
            _blank(lines, piece, name)
        taken = read_source(source.path, "\n".join(lines).encode())
    definitions = {name: each for name, each in taken.definitions.items() if name not in lost}
    if taken.error or not definitions:
        return source
    names = taken.names - lost.keys()
    return replace(taken, definitions=definitions, names=names, lost=lost, oddities=tuple(oddities))


def text_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file with line feeds alone, whatever its encoding, and what was odd about that."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text, odd = data.decode(encoding), tuple[str, ...]()
    except (SyntaxError, UnicodeError, LookupError):
        text, odd = decoded(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), odd


def _plain_text(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file without the marks of a merge, and what was odd about it."""
    text, told = text_of(data)
    odd = list(told)
    if "\0" in text:
        text, odd = text.replace("\0", ""), [*odd, NULLS]
    text = _COOKIE.sub(r"\1 ", text)  # from here on it is UTF-8, whatever it says of itself
    if has_conflict(text):
        text, odd = resolved(text, keep_lines=True), [*odd, CONFLICT.format(side="the first side")]
    if any(mark[0] in "<>" for mark in _MARKS.findall(text)):
        text, odd = _MARKS.sub("", text), [*odd, CONFLICT.format(side="everything between them")]
    return text, odd


def _left_out(lines: list[str]) -> Iterator[_Piece]:
    """Yield the pieces of a file that do not parse."""
    kept: _Piece | None = None
    for piece in _pieces(lines):
        if not piece.error:
            kept = piece
            continue
        if kept is not None and _is_cut_short(lines, kept, piece):
            yield _Piece(kept.first, kept.last, UNFINISHED.format(number=piece.first + 1))
        yield piece
        kept = None


def _is_cut_short(lines: list[str], kept: _Piece, piece: _Piece) -> bool:
    """Say whether a definition goes on in the broken `piece` behind it: a line in it is not indented.

    A function that has come to its last ``return`` is whole.
    """
    last = parse("\n".join(lines[kept.first : kept.last])).body[-1:]
    ends = [each.body[-1] for each in last if isinstance(each, Node)]
    below = [line for line in lines[piece.first + 1 : piece.last] if line.strip()]
    goes_on = bool(below) and below[0][0] in " \t" and not _why_not(lines[piece.first : piece.first + 1])
    return goes_on and bool(ends) and type(ends[0]).__name__ not in {"Return", "Raise"}


def _pieces(lines: list[str]) -> Iterator[_Piece]:
    """Cut a file into statements at the lines that are not indented; what does not parse stays in small pieces."""
    starts = [number for number, line in enumerate(lines) if line and not _GOES_ON.match(line)]
    ends = [*starts[1:], len(lines)]
    left, at = min(_MOST_PARSED, _MOST_TIMES * sum(map(len, lines))), 0
    while at < len(starts):
        error = ""
        for far, end in enumerate(ends[at:], 1):
            piece = lines[starts[at] : end]
            left -= sum(map(len, piece))
            why = _why_not(piece, starts[at]) if left > 0 else "there is too much in the file that does not"
            error = error or why
            if not why or left <= 0 or (far >= _FAR and not _UNFINISHED.search(why)):
                break
        yield _Piece(starts[at], end if not why else ends[at], error if why else "")
        at += far if not why else 1


def _why_not(lines: list[str], before: int = 0) -> str:
    """Return why some lines do not parse, with `before` lines before them; nothing if they do."""
    found = read_source("", "\n".join(lines).encode())
    if found.error is None:
        return ""
    numbered = re.match(r"line (\d+): (.*)", found.error, re.DOTALL)
    return f"line {int(numbered[1]) + before}: {numbered[2]}" if numbered else found.error


def _blank(lines: list[str], piece: _Piece, name: str) -> None:
    """Empty the lines of a piece; a definition raises from then on what is wrong with it, at its place."""
    numbered = re.match(r"line (\d+)", piece.error)
    at = int(numbered[1]) if numbered else piece.first + 1
    text = lines[at - 1].strip() if at <= len(lines) else ""
    what = piece.error.partition(": ")[2] or piece.error
    lines[piece.first : piece.last] = [""] * (piece.last - piece.first)
    if name:
        where = f"(__file__, {at}, 1, {text!r})"
        lines[piece.first] = f"def {name}(*_, **__): raise SyntaxError({what!r}, {where})"
