"""Turn a solved notebook into the one a student receives, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.course.regions import NotebookError, Region, answers, split_lines, stub
from grader.course.releases import CHECKS_ID
from grader.intake.notebooks import NO_CELLS, Cell, cell_python, read_notebook
from grader.intake.written import TEXT_STUB

ANSWER_TAG = "answer"
"""Tag of the cells that a student completes."""


TASK_TAG = "task"
"""Tag of the text of a task that people judge, to which students add cells of their own."""

NOTEBOOK_METADATA: Mapping[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that a released notebook says about where it runs: nothing of the author's machine."""

_FORMAT = (4, 5)
_LOADING = """\
# Adds %check and %submit, and says what is not written yet where a cell needs it.
%load_ext {kit}"""

_PROMPT = re.compile(
    r"[^\n]{0,30}\b(?:type|write|your)\b[^\n]{0,20}\b(?:answer|here)\b[^\n]{0,40}", re.IGNORECASE
)
_ANSWER_HEADING = re.compile(r"#{1,6}[ \t]*answers?[ \t]*:?[ \t]*(?:\n|$)", re.IGNORECASE)


def student_notebook(
    source: bytes, file: str = "<notebook>", before: Sequence[Cell] = (), kit: str | None = None
) -> bytes:
    """Return the student's version of the solved notebook `source`.

    Answers in code cells become stubs and their cells get the tag ``answer``. Of text cells with that tag, and of those
    that begin with a heading "Answer", what is a model answer goes as well. Outputs and execution counts
    go, and so does all metadata but the cells' tags. Cell ids stay; a cell without one gets one made of what
    students see.

    Parameters
    ----------
    source
        A notebook of nbformat 4.
    file
        What messages call it.
    before
        Cells that the notebook begins with in a release alone.
    kit
        Package of public checks, loaded before the first code of the notebook.

    Returns
    -------
    bytes
        A notebook of nbformat 4.5, as Jupyter writes it.

    Raises
    ------
    NotebookError
        `source` is not a notebook of nbformat 4, or something about it is odd.
    RegionError, StubError
        An answer cannot be removed; see `stub`.
    """
    cells = [_stubbed(cell, name) for name, cell in _named_cells(source, file)]
    first = next((at for at, cell in enumerate(cells) if cell.kind == "code"), len(cells))
    loading = [Cell("code", _LOADING.format(kit=kit), CHECKS_ID)] if kit else []
    return write_notebook(_identified([*before, *cells[:first], *loading, *cells[first:]]), file)


def author_cells(source: bytes, file: str) -> tuple[Cell, ...]:
    """Return the cells of a notebook that somebody wrote with care: nothing is guessed about it.

    Raises
    ------
    NotebookError
        It is not a notebook of nbformat 4, or the reader has something to say about it.
    """
    notebook = read_notebook(source, attachments=True)
    odd = [each for each in notebook.complaints if each != NO_CELLS]
    if odd:
        first = odd[0].partition(". ")[0].rstrip(".")  # what follows is advice for students
        raise NotebookError(f"{file} cannot be released: {first}; open it in Jupyter and save it again")
    return notebook.cells


def write_notebook(cells: Sequence[Cell], file: str) -> bytes:
    """Return a notebook that has not been run, as nbformat 4.5 in Jupyter's own layout, after validating it.

    Raises
    ------
    NotebookError
        The cells make no valid notebook.
    """
    import nbformat  # noqa: PLC0415 - takes seconds to import where all of Jupyter is installed

    document = {
        "cells": [_entry(cell) for cell in cells],
        "metadata": NOTEBOOK_METADATA,
        "nbformat": _FORMAT[0],
        "nbformat_minor": _FORMAT[1],
    }
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    try:
        nbformat.validate(json.loads(text))
    except nbformat.ValidationError as error:
        raise NotebookError(f"{file} is not a valid notebook: {error.message}") from None
    return (text + "\n").encode()


def notebook_answers(source: bytes, file: str) -> tuple[Region, ...]:
    """Return the answers in the code cells of a solved notebook; each region's file names its cell.

    Raises
    ------
    NotebookError, RegionError
        As for `student_notebook`.
    """
    code = ((name, cell) for name, cell in _named_cells(source, file) if cell.kind == "code")
    return tuple(region for name, cell in code for region in answers(cell.source, name))


def answers_without_banners(source: bytes, file: str) -> tuple[str, ...]:
    """Return the names of the code cells that are tagged as answers and of which nothing is taken out."""
    code = ((name, cell) for name, cell in _named_cells(source, file) if cell.kind == "code")
    return tuple(name for name, cell in code if ANSWER_TAG in cell.tags and not answers(cell.source, name))


def _named_cells(source: bytes, file: str) -> Iterator[tuple[str, Cell]]:
    """Give each cell with the name that messages call it: its place, as a person counts."""
    for number, cell in enumerate(author_cells(source, file), 1):
        yield f"{file}, cell {number}", cell


def model_answers(source: bytes, file: str) -> tuple[tuple[str, str], ...]:
    """Return the texts that a release takes out of the text cells of a solved notebook, each with the cell's name."""
    found = ((name, cell.source[len(_kept_text(cell)) :]) for name, cell in _texts(source, file))
    return tuple((name, text.strip()) for name, text in found if text.strip())


def _texts(source: bytes, file: str) -> Iterator[tuple[str, Cell]]:
    return ((name, cell) for name, cell in _named_cells(source, file) if _is_answered_text(cell))


def _is_answered_text(cell: Cell) -> bool:
    marked = ANSWER_TAG in cell.tags or _ANSWER_HEADING.match(cell.source)
    return cell.kind == "markdown" and bool(marked) and not _PROMPT.fullmatch(cell.source.strip())


def _kept_text(cell: Cell) -> str:
    heading = _ANSWER_HEADING.match(cell.source)
    return heading[0] if heading else ""


def _stubbed(cell: Cell, name: str) -> Cell:
    """Remove the cell's answers and tag it when it had any."""
    if _is_answered_text(cell):
        tags = tuple(dict.fromkeys((*cell.tags, ANSWER_TAG)))
        heading = _kept_text(cell).rstrip("\n")
        return replace(
            cell, source=f"{heading}\n\n{TEXT_STUB}" if heading else TEXT_STUB, tags=tags, attachments={}
        )
    if cell.kind != "code" or not answers(cell.source, name):
        return cell
    tags = tuple(dict.fromkeys((*cell.tags, ANSWER_TAG)))
    return replace(cell, source=stub(cell.source, name, cell_python), tags=tags)


def _entry(cell: Cell) -> dict[str, Any]:
    """Return a cell as nbformat writes it; of its metadata the tags alone decide how it is run and graded."""
    return {
        "cell_type": cell.kind,
        "id": cell.id,
        "metadata": {"tags": list(cell.tags)} if cell.tags else {},
        "source": split_lines(cell.source),
        **({"outputs": [], "execution_count": None} if cell.kind == "code" else {}),
        **({"attachments": cell.attachments} if cell.attachments else {}),
    }


def _identified(cells: Sequence[Cell]) -> list[Cell]:
    """Give every cell an id of its own."""
    kept: set[str] = set()
    taken = {cell.id for cell in cells}
    named = []
    for cell in cells:
        name = cell.id
        if not name or name in kept:
            name = _content_id(cell, taken)
            taken.add(name)
        kept.add(name)
        named.append(replace(cell, id=name))
    return named


def _content_id(cell: Cell, taken: set[str]) -> str:
    """Return an id made of the cell's kind and source, with a number where cells are equal."""
    digest = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:8]
    name, number = digest, 1
    while name in taken:
        number += 1
        name = f"{digest}-{number}"
    return name
