"""What stands in the way of handing in: stubs left untouched, notebooks that were not saved, missing files."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from typing import Any

from grader.course.errors import RegionError
from grader.course.regions import answers
from grader.student.activity import ran_after_saving
from grader.student.homework import Homework, read_json

_SILENT = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


def problems(homework: Homework) -> list[str]:
    """Return why the homework should not be handed in as it is, a sentence each."""
    return [
        *(problem for path in homework.answers for problem in _module_problems(homework, path)),
        *(problem for path in homework.notebooks for problem in _notebook_problems(homework, path)),
        *_weights_problems(homework),
    ]


def _module_problems(homework: Homework, path: str) -> Iterator[str]:
    try:
        source = (homework.root / path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        yield f"{path} is missing."
        return
    lines = untouched(source)
    if lines:
        where = "line" if len(lines) == 1 else "lines"
        yield f"{path} has nothing between the banners at {where} {', '.join(map(str, lines))}."


def _notebook_problems(homework: Homework, path: str) -> Iterator[str]:
    notebook = read_json(homework.root / path)
    if notebook is None:
        missing = not (homework.root / path).is_file()
        yield f"{path} is missing." if missing else f"{path} cannot be read: open it in Jupyter and save it."
        return
    cells = code_cells(notebook)
    empty = sum(bool(untouched(source)) for source, _ in cells)
    if empty:
        yield f"{path} has {empty} cell{'s' if empty > 1 else ''} with nothing between the banners."
    if not any(ran for _, ran in cells):
        yield f"{path} was not saved after running: it holds no results. Run its cells and save it."
    elif ran_after_saving(homework, path):
        yield f"{path} was not saved after its last cell was run. Save it."


def _weights_problems(homework: Homework) -> Iterator[str]:
    if homework.weights and not (homework.root / homework.weights).is_file():
        yield f"{homework.weights} is missing: the last notebook writes it, and without it your network is not graded."


def untouched(source: str) -> list[int]:
    """Return the line of each answer region of `source` that holds nothing but comments and ``pass``.

    Where the banners were changed, nobody can tell, and nothing is returned.
    """
    try:
        regions = answers(source.replace("\r\n", "\n"))
    except RegionError:
        return []
    return [region.first for region in regions if _is_empty(region.text)]


def _is_empty(text: str) -> bool:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return not text.strip()
    return all(token.type in _SILENT or token.string == "pass" for token in tokens)


def code_cells(notebook: Any) -> list[tuple[str, bool]]:
    """Return the source of each code cell of a notebook, and whether it was run before saving."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    dicts = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    code = [cell for cell in dicts if cell.get("cell_type") == "code"]
    return [
        (
            "".join(cell.get("source") or []),
            cell.get("execution_count") is not None or bool(cell.get("outputs")),
        )
        for cell in code
    ]
