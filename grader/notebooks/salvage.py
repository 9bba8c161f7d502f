"""Get a notebook's JSON out of a file that is not quite JSON: cut off, conflicted, or damaged in the middle."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
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

_MARKS = re.compile(r"^(?:<{7}|={7}|>{7})", re.MULTILINE)
_CELL_START = re.compile(r'\{\s*"(?:cell_type|attachments|id)"\s*:')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}
_TRIES = 40
"""How many places a file is tried at before the rest is given up: a bound on the time a file can cost."""

_Open = tuple[str, "_Open"] | None
"""Closing brackets still to come, the innermost first; linked, so that a place costs no copy."""

_JSON = json.JSONDecoder(strict=False)


def salvaged(text: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the document in `text`, as much of it as there is, and what was wrong.

    Returns
    -------
    document
        A JSON object; without cells when nothing could be read.
    complaints
        Empty when `text` is the JSON of an object and nothing more.
    """
    if not text.strip():
        return {}, (EMPTY,)
    for candidate, complaints in _sides(text):
        document, trailing = _whole(candidate)
        if document is not None:
            return document, (*complaints, *((TRAILING,) if trailing else ()))
    candidate, complaints = next(_sides(text))
    document = _pieces(candidate)
    count = len(cells_of(document))
    return document, (*complaints, CUT_OFF.format(count=count) if count else NOTHING_LEFT)


def resolved(text: str, side: str = "ours") -> str:
    """Return `text` with each complete conflict replaced by one of its sides, ``"ours"`` or ``"theirs"``.

    A conflict that is never closed stays as it is.
    """
    out: list[str] = []
    sides: dict[str, list[str]] | None = None
    at, marked = "ours", 0
    for line in text.splitlines(keepends=True):
        mark = line[:7]
        if sides is None and mark == "<" * 7:
            sides, at, marked = {"ours": [], "base": [], "theirs": []}, "ours", len(out)
        elif sides is not None and mark == "|" * 7 and at == "ours":
            at = "base"
        elif sides is not None and mark == "=" * 7 and at != "theirs":
            at = "theirs"
        elif sides is not None and mark == ">" * 7 and at == "theirs":
            out[marked:] = sides[side]
            sides = None
            continue
        elif sides is not None:
            sides[at].append(line)
        out.append(line)
    return "".join(out)


def has_conflict(text: str) -> bool:
    """Say whether a complete conflict, all three marks in order, is in `text`."""
    return "<" * 7 in text and resolved(text) != text


def cells_of(document: dict[str, Any]) -> list[Any]:
    """Return the cells of a notebook of any format; nbformat 3 and older keep them in worksheets."""
    cells = document.get("cells")
    if isinstance(cells, list):
        return cells
    sheets = document.get("worksheets")
    listed = sheets if isinstance(sheets, list) else []
    found = [sheet.get("cells") for sheet in listed if isinstance(sheet, dict)]
    return [cell for cells in found if isinstance(cells, list) for cell in cells]


def _sides(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give what the file may have meant to be: either side of its conflicts, or the text as it is."""
    if has_conflict(text):
        yield resolved(text, "ours"), (CONFLICT.format(side="the first side"),)
        yield resolved(text, "theirs"), (CONFLICT.format(side="the second side"),)
    elif _MARKS.search(text):
        lines = (line for line in text.splitlines(keepends=True) if not _MARKS.match(line))
        yield "".join(lines), (CONFLICT.format(side="everything between them"),)
    yield text, ()


def _whole(text: str) -> tuple[dict[str, Any] | None, bool]:
    """Return the object that `text` starts with, and whether something follows it."""
    start = len(text) - len(text.lstrip())
    try:
        document, end = _JSON.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, False
    if not isinstance(document, dict):
        return None, False
    return document, bool(text[end:].strip())


def _pieces(text: str) -> dict[str, Any]:
    """Return a document of what comes before the damage and of the cells that are whole after it."""
    damage = _damage(text)
    document = _closed(text[:damage])
    cells = cells_of(document)
    later = list(_whole_cells(text, damage))
    return {
        **{key: value for key, value in document.items() if key != "worksheets"},
        "cells": [*cells, *later],
    }


def _damage(text: str) -> int:
    try:
        _JSON.decode(text)
    except json.JSONDecodeError as error:
        return error.pos
    except RecursionError:
        return 0
    return len(text)


def _closed(text: str) -> dict[str, Any]:
    """Return the object whose beginning `text` is: brackets that are open are closed, what is half goes."""
    for end, still_open in reversed(_ends(text)):
        try:
            document = _JSON.decode(text[:end] + _closers(still_open))
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            return document
    return {}


def _ends(text: str) -> deque[tuple[int, _Open]]:
    """Return the last places of `text` where a value may end, each with the brackets open there."""
    ends: deque[tuple[int, _Open]] = deque(maxlen=_TRIES)
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


def _whole_cells(text: str, start: int) -> Iterator[Any]:
    """Give each cell after `start` that can be read by itself."""
    failures = 0
    found = _CELL_START.search(text, start)
    while found and failures < _TRIES:
        try:
            cell, end = _JSON.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            end = found.end()
            failures += 1
        else:
            if "cell_type" in cell:
                yield cell
        found = _CELL_START.search(text, end)
