"""Find answers that were written into a notebook and nowhere else, and make a module of them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from grader.intake.layout import State, state_of
from grader.intake.names import printable
from grader.intake.release import ReleaseSource
from grader.intake.source import SourceFile, look_at, parse
from grader.intake.submission import Contents
from grader.results import Flag

_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def with_notebook_answers(submission: Contents, release: ReleaseSource) -> Contents:
    """Return `submission` with one more module for each notebook that holds answers which no module holds.

    A function is found by its name. Who wrote it into the notebook and left the stub in the module has
    answered; staff are told.
    """
    # In a notebook's JSON a tab is written \t, and the letter before a word may be that of \n.
    names = "|".join(map(re.escape, release.homes)).encode()
    defines = re.compile(rb"(?:def|class)(?: |\t|\\t)+(?:%b)\b" % names)
    notebooks = [
        path
        for path, data in sorted(submission.files.items())
        if path.lower().endswith(".ipynb") and (defines.search(data) or b"\0" in data[:4])  # UTF-16 or 32
    ]
    if not notebooks:  # as in most submissions, whose modules need not be looked at twice
        return submission
    python = ((path, data) for path, data in submission.files.items() if path.lower().endswith(".py"))
    modules = [release.look_at(path, data) for path, data in python]
    open_ones = {
        symbol
        for symbol in release.homes
        if all(state_of(each, symbol, release) <= State.STUB for each in modules)
    }
    made, flags = dict[str, bytes](), list[Flag]()
    for path in notebooks if open_ones else ():
        source = look_at(path, _module_text(submission.files[path]))
        found = sorted(each for each in open_ones if _is_answered(source, each, release))
        if found:
            made[_free_name(path, submission.files)] = source.data
            flags.append(
                Flag("answer_in_notebook", f"{', '.join(found)}: only {printable(path)} has an answer")
            )
    if not made:
        return submission
    return replace(submission, files={**submission.files, **made}, flags=(*submission.flags, *flags))


def _is_answered(source: SourceFile, symbol: str, release: ReleaseSource) -> bool:
    return symbol in source.definitions and state_of(source, symbol, release) is State.REAL


def _module_text(notebook: bytes) -> bytes:
    """Return the imports, constants, functions and classes of a notebook's cells, in their order."""
    statements = [each for text in _cells(notebook) for each in _statements(text) if _is_kept(each)]
    try:
        return "\n\n".join(map(ast.unparse, statements)).encode("utf-8", "replace")
    except RecursionError:  # nobody's answer nests that deep
        return b""


def _is_kept(statement: ast.stmt) -> bool:
    """Whether a statement of a cell becomes part of the module: a demonstration does not."""
    if not isinstance(statement, ast.Assign):
        return isinstance(statement, _KEPT)
    try:
        ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def _statements(text: str) -> list[ast.stmt]:
    try:
        return parse(_MAGIC.sub("", text)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a cell that does not run defines nothing
        return []


def _cells(notebook: bytes) -> Iterator[str]:
    try:
        document = json.loads(notebook)
    except (ValueError, RecursionError):
        return
    cells = document.get("cells") if isinstance(document, dict) else None
    for cell in cells if isinstance(cells, list) else ():
        source = cell.get("source") if isinstance(cell, dict) and cell.get("cell_type") == "code" else None
        if isinstance(source, list):
            source = "".join(each for each in source if isinstance(each, str))
        if isinstance(source, str):
            yield source


def _free_name(path: str, files: Mapping[str, bytes]) -> str:
    """Return where to put the module: beside the notebook, under a name that can be imported."""
    folder = PurePosixPath(path).parent
    stem = re.sub(r"\W", "_", PurePosixPath(path).stem, flags=re.ASCII)
    stem = f"cells_of_{stem}"
    while str(folder / f"{stem}.py") in files:
        stem += "_"
    return str(folder / f"{stem}.py")
