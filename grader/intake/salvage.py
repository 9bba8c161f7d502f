"""Get a notebook's JSON out of a file that is not quite JSON: of odd letters, conflicted, cut off or damaged."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt
from typing import Any

CUT_OFF = (
    "The file is cut off or damaged, so it is not JSON; {count} cells could still be read. "
    "Open it in Jupyter, save it and hand it in again."
)
NOTHING_LEFT = (
    "The file is no notebook and no cell could be read. Hand in the .ipynb file that Jupyter saved."
)
EMPTY = "The file is empty. Open the notebook in Jupyter, save it and hand it in again."
CONFLICT = "The file holds the marks of an unresolved merge (<<<<<<<, =======, >>>>>>>); {side} was used."
TRAILING = "Something follows the end of the notebook in the file; it was left out."
NOT_UTF8 = "The file is not UTF-8; letters outside ASCII may have come out wrong."
OTHER_ENCODING = "The file is {encoding} and not UTF-8; it was read as such."
CONTROL = "The file holds line ends or other control characters inside of texts, which JSON forbids; they were kept."

MOST_VALUES = 2_000_000
"""JSON values, and lines, that are read: a value of four bytes takes up to a hundred in memory."""

CROWDED = (
    f"The file holds more than {MOST_VALUES} lines, numbers, texts and lists and was not read. "
    "Clear the outputs in Jupyter, save the notebook and hand it in again."
)
HOPELESS = frozenset({EMPTY, NOTHING_LEFT, CROWDED})
"""Complaints about a file of which nothing could be read."""

_MARKS = re.compile(r"^(?:<{7}|={7}|>{7})", re.MULTILINE)
_CELL_START = re.compile(
    r'\{\s*+"(?:attachments|cell_type|collapsed|execution_count|id|input|metadata|outputs|source)"\s*+:'
)
# Nothing is given back once taken, and a text that is never closed ends with the file: otherwise many escaped
# quotes in a row would each be tried as a beginning, which takes the square of their number.
_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_VALUE = re.compile(rf"{_STRING}|[,{{\[]", re.DOTALL)
_FORMAT = re.compile(r'"nbformat"\s*+:\s*+(\d)')
_CLOSERS = {"{": "}", "[": "]"}

_MOST_TRIES, _TRIED_CHARACTERS = 40, 100_000_000
"""How many places a file is tried at before the rest is given up, and how much may be read for that."""

_Open = tuple[str, "_Open"] | None
"""Closing brackets still to come, the innermost first; linked, so that a place costs no copy."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read of a file.

    Attributes
    ----------
    document
        A JSON object; empty when nothing could be read.
    complaints
        What was wrong; empty when the file is the JSON of an object and nothing more.
    lost
        Whether something of the file was left out.
    cut
        Numbers, from 0, of the cells of which only a beginning could be read.
    """

    document: dict[str, Any]
    complaints: tuple[str, ...] = ()
    lost: bool = False
    cut: frozenset[int] = frozenset()


def salvaged(data: bytes) -> Salvaged:
    """Return the document in `data`, as much of it as there is, and what was wrong."""
    text, odd = decoded(data)
    if not text.strip():
        return Salvaged({}, (EMPTY,), lost=True)
    if _is_crowded(text):
        return Salvaged({}, (*odd, CROWDED), lost=True)
    for candidate, conflict in _sides(text):
        document, complaints = _object(candidate)
        if document is not None:
            lost = bool(conflict) or TRAILING in complaints
            return Salvaged(document, (*odd, *conflict, *complaints), lost)
    candidate, conflict = next(_sides(text))
    document, cut = _pieces(candidate)
    count = len(document["cells"])
    damage = CUT_OFF.format(count=count) if count else NOTHING_LEFT
    return Salvaged(document, (*odd, *conflict, damage), lost=True, cut=cut)


def resolved(text: str, side: str = "ours", *, keep_lines: bool = False) -> str:
    """Return `text` with each complete conflict replaced by one of its sides, ``"ours"`` or ``"theirs"``.

    A conflict that is never closed stays as it is.

    Parameters
    ----------
    keep_lines
        Whether empty lines stand for those that go, so that all others keep their numbers.
    """
    out: list[str] = []
    sides: dict[str, list[str]] | None = None
    at, marked = "ours", 0
    for line in text.split("\n"):
        mark = line[:7]
        if sides is None and mark == "<" * 7:
            sides, at, marked = {"ours": [], "base": [], "theirs": []}, "ours", len(out)
        elif sides is not None and mark == "|" * 7 and at == "ours":
            at = "base"
        elif sides is not None and mark == "=" * 7 and at != "theirs":
            at = "theirs"
        elif sides is not None and mark == ">" * 7 and at == "theirs":
            gone = len(out) + 1 - marked - len(sides[side])
            out[marked:] = [*sides[side], *[""] * (gone * keep_lines)]
            sides = None
            continue
        elif sides is not None:
            sides[at].append(line)
        out.append(line)
    return "\n".join(out)


def has_conflict(text: str) -> bool:
    """Say whether a complete conflict, all three marks in order, is in `text`."""
    return "<" * 7 in text and resolved(text) != text


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text in `data`, whatever its encoding, and what was odd about that."""
    encoding = json.detect_encoding(data)
    utf_8 = encoding.startswith("utf-8")
    odd = () if utf_8 else (OTHER_ENCODING.format(encoding=encoding[:6].upper()),)
    try:
        return data.decode(encoding), odd
    except UnicodeDecodeError:
        if not utf_8:
            return data.decode(encoding, "replace"), odd
        # Letters that are UTF-8 stay; each byte that is not is what Windows would have written it for.
        return data.decode(encoding, "surrogateescape").translate(_windows()), (NOT_UTF8,)


def _windows() -> dict[int, str]:
    """Return the letter of Windows-1252 for each byte that was no UTF-8, as `surrogateescape` marks it."""
    return {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(128, 256)}


def _is_crowded(text: str) -> bool:
    if text.count("\n") > MOST_VALUES:
        return True
    if sum(map(text.count, ",[{")) <= MOST_VALUES:
        return False
    values = (found for found in _VALUE.finditer(text) if text[found.start()] != '"')
    return any(number > MOST_VALUES for number, _ in enumerate(values, 1))


def _sides(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give what the file may have meant to be: either side of its conflicts, or the text as it is."""
    if has_conflict(text):
        yield resolved(text, "ours"), (CONFLICT.format(side="the first side"),)
        yield resolved(text, "theirs"), (CONFLICT.format(side="the second side"),)
    elif _MARKS.search(text):
        lines = (line for line in text.split("\n") if not _MARKS.match(line))
        yield "\n".join(lines), (CONFLICT.format(side="everything between them"),)
    yield text, ()


def _object(text: str) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the object that `text` starts with, and what is wrong with it or behind it."""
    start = len(text) - len(text.lstrip())
    for strict, odd in ((True, ()), (False, (CONTROL,))):
        try:
            document, end = _json(strict=strict).raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            trailing = (TRAILING,) if text[end:].strip() else ()
            return document, (*odd, *trailing)
    return None, ()


def _json(*, strict: bool = False) -> json.JSONDecoder:
    return json.JSONDecoder(strict=strict, parse_int=_integer)


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # more digits than Python turns into a number
        return 0


def _pieces(text: str) -> tuple[dict[str, Any], frozenset[int]]:
    """Return a document of the cells of a damaged file, and which of them are beginnings only."""
    decoder, cells, cut = _json(), list[dict[str, Any]](), set[int]()
    # Each place may read all of the file, and so may each of the ends that are tried there.
    tries = max(2, min(_MOST_TRIES, isqrt(_TRIED_CHARACTERS // (len(text) + 1))))
    found = _CELL_START.search(text)
    while found and tries:
        whole = True
        try:
            cell, end = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError) as error:
            whole, end, tries = False, found.end(), tries - 1
            cell = _beginning(text[found.start() : getattr(error, "pos", 0)], tries)
        if "cell_type" in cell:
            if not whole:
                cut.add(len(cells))
            cells.append(cell)
        found = _CELL_START.search(text, end)
    return {**_about(text), "cells": cells}, frozenset(cut)


def _about(text: str) -> dict[str, Any]:
    """Return what a damaged file says of its format and language."""
    decoder, metadata = _json(), dict[str, Any]()
    for key in ("kernelspec", "language_info"):
        at = text.find("{", text.rfind(f'"{key}"')) if f'"{key}"' in text else -1
        try:
            metadata[key], _end = decoder.raw_decode(text, at) if at >= 0 else ({}, 0)
        except (ValueError, RecursionError):
            continue
    major = _FORMAT.search(text)
    return {"metadata": metadata, **({"nbformat": int(major[1])} if major else {})}


def _beginning(text: str, tries: int) -> dict[str, Any]:
    """Return the object whose beginning `text` is: brackets that are open are closed, what is half goes."""
    for end, still_open in reversed(_ends(text, tries)):
        try:
            document = _json().decode(text[:end] + _closers(still_open))
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            return document
    return {}


def _ends(text: str, most: int) -> deque[tuple[int, _Open]]:
    """Return the last places of `text` where a value may end, each with the brackets open there."""
    ends: deque[tuple[int, _Open]] = deque(maxlen=most)
    still_open: _Open = None
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in _CLOSERS:
            still_open = (_CLOSERS[word], still_open)
        elif not word.startswith('"') and still_open is not None:
            still_open = still_open[1]
        if still_open is not None:
            ends.append((token.end(), still_open))
    return ends


def _closers(still_open: _Open) -> str:
    closers = []
    while still_open is not None:
        closer, still_open = still_open
        closers.append(closer)
    return "".join(closers)
