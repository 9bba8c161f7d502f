"""Read a notebook of any nbformat, whatever happened to it, and say in plain words what was wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from grader.authoring.notebooks import cell_python
from grader.notebooks.cells import Cell, Notebook, Output
from grader.notebooks.salvage import NOTHING_LEFT, cells_of, has_conflict, resolved, salvaged

OLD_FORMAT = "The notebook is of the old format nbformat {major}; it was read as if Jupyter had converted it."
PYTHON_2 = (
    "The notebook was made with a Python 2 kernel and ran on Python 3; print statements were rewritten, "
    "other differences were not."
)
OTHER_LANGUAGE = "The notebook says that it is written in {language}; its cells ran as Python 3."
NOT_UTF8 = "The file is not UTF-8; letters outside ASCII may have come out wrong."
CONFLICT_IN_CELL = (
    "Cell {number} holds the marks of an unresolved merge (<<<<<<< to >>>>>>>); the first side was used."
)
SHARED_ID = "Cell {number} has the id of an earlier cell, as copies do; it was matched by its content."
TOO_MANY = "The notebook has {count} cells; only the first {most} were read."
NOT_A_CELL = "Entry {number} of the list of cells is no cell and was left out."

TOO_LONG = "Cell {number} has {count} characters; only the first {most} were read."

_VALID_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_PRINT = re.compile(r"^(?P<indent>\s*)print(?:\s+(?!\()|\s*(?=\"|'))(?P<what>.+)$|^(?P<bare>\s*)print\s*$")
_KINDS = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown"}
_OUTPUTS = {"pyout": "execute_result", "pyerr": "error"}
_MIME = {
    "text": "text/plain",
    "html": "text/html",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
    "latex": "text/latex",
}
MOST_CHARACTERS = 100_000
"""Characters of a cell's source that are read; a cell of a homework has a few thousand."""

MOST_CELLS = 500
"""Cells that are read: many times what a homework has, and a bound on the time a notebook can cost."""

_FORMAT = 4
_MOST_COMPLAINTS = 20


def read_notebook(data: bytes) -> Notebook:
    """Return as much of the notebook in `data` as there is; never raises, whatever the bytes are."""
    text, complaints = _decoded(data)
    document, wrong = salvaged(text)
    complaints += [*wrong, *_about(document)]
    cells, about_cells = _cells(document)
    complaints += about_cells
    if not cells and not wrong:
        complaints.append(NOTHING_LEFT)
    if PYTHON_2 in complaints:
        cells = [_today(cell) for cell in cells]
    return Notebook(tuple(cells), tuple(dict.fromkeys(complaints))[:_MOST_COMPLAINTS])


def python_3(source: str) -> str:
    """Return `source` with print statements as calls, where that makes it Python 3; else as it is."""
    if _parses(source):
        return source
    rewritten = "\n".join(_print_call(line) for line in source.split("\n"))
    return rewritten if _parses(rewritten) else source


def _decoded(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("latin-1"), [NOT_UTF8]


def _about(document: dict[str, Any]) -> Iterator[str]:
    """Give what is unusual about the notebook as a whole."""
    major = document.get("nbformat", _FORMAT)
    if isinstance(major, int) and major < _FORMAT:
        yield OLD_FORMAT.format(major=major)
    metadata = _mapping(document.get("metadata"))
    kernel, language = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    named = str(kernel.get("language") or language.get("name") or "python").lower()
    if kernel.get("name") == "python2" or str(language.get("version", "")).startswith("2."):
        yield PYTHON_2
    elif not named.startswith(("python", "ipython")):
        yield OTHER_LANGUAGE.format(language=named[:40])


def _cells(document: dict[str, Any]) -> tuple[list[Cell], list[str]]:
    cells: list[Cell] = []
    complaints: list[str] = []
    seen: set[str] = set()
    listed = cells_of(document)
    if len(listed) > MOST_CELLS:
        complaints.append(TOO_MANY.format(count=len(listed), most=MOST_CELLS))
    for number, entry in enumerate(listed[:MOST_CELLS], 1):
        if not isinstance(entry, dict):
            complaints.append(NOT_A_CELL.format(number=number))
            continue
        cell = _cell(entry)
        if len(cell.source) > MOST_CHARACTERS:
            complaints.append(TOO_LONG.format(number=number, count=len(cell.source), most=MOST_CHARACTERS))
            cell = replace(cell, source=cell.source[:MOST_CHARACTERS])
        if cell.id and cell.id in seen:
            complaints.append(SHARED_ID.format(number=number))
            cell = replace(cell, id="")
        seen.add(cell.id)
        if has_conflict(cell.source):
            complaints.append(CONFLICT_IN_CELL.format(number=number))
            cell = replace(cell, source=resolved(cell.source))
        cells.append(cell)
    return cells, complaints


def _cell(entry: dict[str, Any]) -> Cell:
    kind = _KINDS.get(str(entry.get("cell_type")), "raw")
    source = _text(entry.get("source", entry.get("input", "")))
    if entry.get("cell_type") == "heading":
        level = entry.get("level")
        source = "#" * (level if isinstance(level, int) and 0 < level <= 6 else 1) + " " + source  # noqa: PLR2004
    metadata = _mapping(entry.get("metadata"))
    own = entry.get("id", metadata.get("id"))
    return Cell(
        kind=kind,
        source=source.replace("\r\n", "\n").replace("\r", "\n"),
        id=own if isinstance(own, str) and _VALID_ID.fullmatch(own) else "",
        tags=tuple(tag for tag in _listed(metadata.get("tags")) if isinstance(tag, str)),
        outputs=tuple(_outputs(entry.get("outputs"))) if kind == "code" else (),
    )


def _outputs(listed: object) -> Iterator[Output]:
    """Give the stored outputs in the words of nbformat 4."""
    for each in _listed(listed):
        if not isinstance(each, dict):
            continue
        kind = _OUTPUTS.get(str(each.get("output_type")), str(each.get("output_type")))
        if kind == "stream":
            name = each.get("name", each.get("stream", "stdout"))
            yield {"output_type": kind, "name": str(name), "text": _text(each.get("text"))}
        elif kind in {"execute_result", "display_data"}:
            found = each.get("data")
            data = (
                found if isinstance(found, dict) else {_MIME[key]: each[key] for key in _MIME if key in each}
            )
            yield {"output_type": kind, "data": {str(key): _text(value) for key, value in data.items()}}
        elif kind == "error":
            name, value = _text(each.get("ename")), _text(each.get("evalue"))
            yield {"output_type": kind, "ename": name, "evalue": value}


def _today(cell: Cell) -> Cell:
    return replace(cell, source=python_3(cell.source)) if cell.kind == "code" else cell


def _print_call(line: str) -> str:
    found = _PRINT.match(line.rstrip())
    if found is None:
        return line
    if found["what"] is None:
        return f"{found['bare']}print()"
    what = found["what"]
    return (
        f"{found['indent']}print({what[:-1].rstrip()}, end=' ')"
        if what.endswith(",")
        else (f"{found['indent']}print({what})")
    )


def _parses(source: str) -> bool:
    try:
        ast.parse(cell_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "".join(each for each in _listed(value) if isinstance(each, str))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
