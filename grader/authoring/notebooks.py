"""Turn a solved notebook into the one a student receives, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from grader.course.errors import NotebookError
from grader.course.regions import Region, answers, split_lines, stub

ANSWER_TAG = "answer"
"""Tag of the cells that a student completes."""

NOTEBOOK_METADATA: Mapping[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that a released notebook says about where it runs: nothing of the author's machine."""

_FORMAT = (4, 5)
_VALID_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_PYTHON_CELL_MAGIC = re.compile(r"\s*%%(time|timeit|capture|prun)\b")

Cell = dict[str, Any]
Notebook = dict[str, Any]


def student_notebook(source: bytes, file: str = "<notebook>") -> bytes:
    """Return the student's version of the solved notebook `source`.

    Answers in code cells become stubs and their cells get the tag ``answer``. Outputs and execution counts
    go, and so does all metadata but the cells' tags. Cell ids stay; a cell without one gets one made of what
    students see.

    Parameters
    ----------
    source
        A notebook of nbformat 4.
    file
        What messages call it.

    Returns
    -------
    bytes
        A notebook of nbformat 4.5, as Jupyter writes it.

    Raises
    ------
    NotebookError
        `source` is not a notebook of nbformat 4, or its parts are not what nbformat says.
    RegionError, StubError
        An answer cannot be removed; see `stub`.
    """
    document = read_notebook(source, file)
    steps: Sequence[Callable[[Cell, str], Cell]] = (_stubbed, _cleared, _tidied)
    cells = []
    for name, cell in _named_cells(document, file):
        for step in steps:
            cell = step(cell, name)  # noqa: PLW2901 - each step hands its cell to the next
        cells.append(cell)
    return write_notebook({"cells": _identified(cells), "metadata": NOTEBOOK_METADATA}, file)


def read_notebook(source: bytes, file: str) -> Notebook:
    """Return the notebook in `source` with each cell's source as one string.

    Raises
    ------
    NotebookError
        `source` is not a notebook of nbformat 4.
    """
    try:
        document = json.loads(source)
    except ValueError as error:
        raise NotebookError(f"{file} is not JSON: {error}; open it in Jupyter and save it again") from None
    if not isinstance(document, dict) or document.get("nbformat") != _FORMAT[0]:
        raise NotebookError(f"{file} is not a notebook of nbformat 4; open it in Jupyter and save it again")
    try:
        cells = [{**cell, "source": _joined(cell["source"])} for cell in document["cells"]]
    except (KeyError, TypeError):
        raise NotebookError(
            f"{file} has a cell without a source, or no cells; open it in Jupyter and save it again"
        ) from None
    return {**document, "cells": cells}


def write_notebook(document: Notebook, file: str) -> bytes:
    """Return `document` as nbformat 4.5 in Jupyter's own layout, after validating it.

    Raises
    ------
    NotebookError
        `document` is not a valid notebook.
    """
    import nbformat  # noqa: PLC0415 - takes seconds to import where all of Jupyter is installed

    cells = [{**cell, "source": split_lines(cell["source"])} for cell in document["cells"]]
    whole = {**document, "cells": cells, "nbformat": _FORMAT[0], "nbformat_minor": _FORMAT[1]}
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False)
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
    document = read_notebook(source, file)
    code = ((name, cell) for name, cell in _named_cells(document, file) if cell.get("cell_type") == "code")
    return tuple(region for name, cell in code for region in answers(cell["source"], name))


def cell_python(source: str) -> str:
    """Return Python that parses if the code cell `source` does: magics and shell lines are translated.

    A cell magic for another language (``%%bash``, ``%%html``) leaves nothing to parse.
    """
    head, newline, body = source.lstrip().partition("\n")
    if head.startswith("%%"):
        source = newline + body if _PYTHON_CELL_MAGIC.match(head) else ""
    manager = TransformerManager()  # type: ignore[no-untyped-call] # IPython types its methods only
    return manager.transform_cell(source)


def _joined(source: str | Sequence[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _named_cells(document: Notebook, file: str) -> Iterator[tuple[str, Cell]]:
    """Give each cell with the name that messages call it: its place, as a person counts."""
    for number, cell in enumerate(document["cells"], 1):
        yield f"{file}, cell {number}", cell


def _stubbed(cell: Cell, name: str) -> Cell:
    """Remove the cell's answers and tag it when it had any."""
    if cell.get("cell_type") != "code" or not answers(cell["source"], name):
        return cell
    tags = cell.get("metadata", {}).get("tags", [])
    return {
        **cell,
        "source": stub(cell["source"], name, cell_python),
        "metadata": {"tags": [*tags, *(() if ANSWER_TAG in tags else (ANSWER_TAG,))]},
    }


def _cleared(cell: Cell, _name: str) -> Cell:
    """Remove what running the cell left behind."""
    return {**cell, "outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else cell


def _tidied(cell: Cell, _name: str) -> Cell:
    """Keep of the metadata only the tags, which decide how a cell is run and graded."""
    tags = cell.get("metadata", {}).get("tags")
    return {**cell, "metadata": {"tags": tags} if tags else {}}


def _identified(cells: Sequence[Cell]) -> list[Cell]:
    """Give every cell an id of its own."""
    kept: set[str] = set()
    taken = {cell["id"] for cell in cells if _valid(cell.get("id"))}
    named = []
    for cell in cells:
        name = cell.get("id")
        if not _valid(name) or name in kept:
            name = _content_id(cell, taken)
            taken.add(name)
        kept.add(str(name))
        named.append({**cell, "id": name})
    return named


def _valid(name: object) -> bool:
    return isinstance(name, str) and _VALID_ID.fullmatch(name) is not None


def _content_id(cell: Cell, taken: set[str]) -> str:
    """Return an id made of the cell's kind and source, with a number where cells are equal."""
    digest = hashlib.sha256(f"{cell.get('cell_type')}\n{cell['source']}".encode()).hexdigest()[:8]
    name, number = digest, 1
    while name in taken:
        number += 1
        name = f"{digest}-{number}"
    return name
