"""Read an assignment of nbgrader: the folder of its source notebooks, or one of them.

Answers stand in cells that the metadata calls solutions, between ``### BEGIN SOLUTION`` and ``### END SOLUTION`` or as
whole cells. A cell with points and no solution is a test; what is between ``### BEGIN HIDDEN TESTS`` and
``### END HIDDEN TESTS`` students do not see. A solution with points, and a task, is for a person.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.authoring.imported import (
    Imported,
    ImportedPart,
    ImportRefused,
    answer_region,
    author_document,
    cut,
    files_beside,
    part_id,
    text_of,
    with_source,
    without_banners,
)
from grader.authoring.notebooks import ANSWER_TAG, TASK_TAG
from grader.course.inside import InsideTest
from grader.intake.notebooks import Cell, cell_python

_SOLUTION = re.compile(r"BEGIN SOLUTION"), re.compile(r"END SOLUTION")
_HIDDEN = re.compile(r"BEGIN HIDDEN TESTS"), re.compile(r"END HIDDEN TESTS")
_MARKS = re.compile(r"BEGIN MARK SCHEME"), re.compile(r"END MARK SCHEME")
_AUTOTEST = re.compile(r"^\s*#+\s*(?:HASHED )?AUTOTEST\b", re.MULTILINE)
_KNOWN = frozenset(
    {"grade", "grade_id", "locked", "points", "schema_version", "solution", "task", "cell_type", "checksum"}
    | {"remove"}
)
_NO_TESTS = "# Tests that are not shown run here."
_WRITE_THEM = (
    'raise NotImplementedError("AUTOTEST made tests here when nbgrader released: write them as asserts")'
)


def read_nbgrader(path: Path) -> Imported:
    """Read the assignment at `path`.

    Raises
    ------
    ImportRefused
        There is no notebook, or one that cannot be read as nbgrader's.
    """
    folder = path if path.is_dir() else path.parent
    notebooks = sorted(folder.glob("*.ipynb")) if path.is_dir() else [path]
    if not notebooks:
        raise ImportRefused(
            f"{path} holds no notebook; name a folder of nbgrader's source/, such as source/ps1"
        )
    reading = _Reading()
    cells = {each.name: tuple(reading.cells(each)) for each in notebooks}
    if not reading.parts:
        raise ImportRefused(f"{path} has no cell with points; name the source notebooks, not released ones")
    name = folder.name if path.is_dir() else path.stem
    return Imported(
        title=name.replace("_", " "),
        notebooks=cells,
        parts=tuple(reading.parts),
        files=files_beside(folder),
        notes=tuple(reading.notes),
    )


@dataclass
class _Reading:
    parts: list[ImportedPart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def cells(self, path: Path) -> Iterator[Cell]:
        """Give the cells of a notebook, and keep what they ask for."""
        taken: set[str] = set()
        for number, entry in enumerate(author_document(path)["cells"], 1):
            metadata = entry.get("metadata", {})
            about: Mapping[str, Any] = metadata.get("nbgrader") or {}
            id = part_id(str(about.get("grade_id") or entry.get("id") or f"cell-{number}"))
            if id in taken:
                raise ImportRefused(f"{path.name}: two cells are called {id}; nbgrader refuses that as well")
            taken.add(id)
            place = f"{path.name}, cell {id}"
            self.notes += [f"{place}: {key!r} is not known here" for key in sorted(set(about) - _KNOWN)]
            tags = tuple(map(str, metadata.get("tags", ())))
            cell = Cell(
                entry["cell_type"], text_of(entry), id, tags, attachments=entry.get("attachments") or {}
            )
            if not about.get("remove"):
                yield self._cell(cell, about, path.name, place)

    def _cell(self, cell: Cell, about: Mapping[str, Any], notebook: str, place: str) -> Cell:
        points = float(about.get("points") or 0)
        solution, grade, task = (about.get(key) is True for key in ("solution", "grade", "task"))
        if task or (grade and solution):
            return self._by_hand(cell, points, notebook, place, task=task)
        if solution:
            return with_source(cell, answered(cell.source, place))
        if grade:
            return self._tested(cell, points, notebook, place)
        if cell.kind == "code":
            return with_source(cell, "".join(map(without_banners, cell.source.splitlines(keepends=True))))
        return cell

    def _by_hand(self, cell: Cell, points: float, notebook: str, place: str, *, task: bool) -> Cell:
        """Keep a question for a person; its mark scheme is for that person alone."""
        pieces = list(cut(cell.source, *_MARKS, place))
        shown = "".join(line for hidden, lines in pieces if not hidden for line in lines)
        marking = "".join(line for hidden, lines in pieces if hidden for line in lines).strip()
        if points:
            title = cell.id.replace("_", " ")
            self._add(ImportedPart(cell.id, title, points, notebook, cell.id, marking=marking))
        if task:
            return replace(with_source(cell, shown), tags=(*cell.tags, TASK_TAG))
        if cell.kind == "code":
            return with_source(cell, answered(shown, place))
        return replace(cell, kind="markdown", source=shown, tags=(*cell.tags, ANSWER_TAG))

    def _tested(self, cell: Cell, points: float, notebook: str, place: str) -> Cell:
        pieces = list(cut(cell.source, *_HIDDEN, place))
        hidden = any(inside for inside, _ in pieces)
        source = "".join(line for _, lines in pieces for line in lines)
        shown = "".join(line for inside, lines in pieces if not inside for line in lines).strip("\n")
        if _AUTOTEST.search(source):
            self.notes.append(
                f"{place}: AUTOTEST is not known here; write its tests into inside/{cell.id}.py"
            )
            source = f"{_WRITE_THEM}\n{source}"
        if points:
            test = InsideTest(name="tests", source=source.strip("\n"), hidden=hidden)
            title = _title(source) or cell.id.replace("_", " ")
            self._add(ImportedPart(cell.id, title, points, notebook, cell.id, (test,), carries=True))
        else:
            self.notes.append(f"{place}: a test of 0 points is shown and run, and not judged")
        return with_source(cell, shown or _NO_TESTS)

    def _add(self, part: ImportedPart) -> None:
        if any(part.id == each.id for each in self.parts):
            raise ImportRefused(f"two questions are called {part.id}; give one another name in nbgrader")
        self.parts.append(part)


def answered(source: str, place: str) -> str:
    """Return the source of an answer with banners for the marks around it; without marks, around all of it."""
    pieces = list(cut(source, *_SOLUTION, place))
    if len(pieces) == 1:
        return answer_region([without_banners(line) for line in source.splitlines()])
    shown = (
        answer_region(lines) if inside else "".join(map(without_banners, lines)) for inside, lines in pieces
    )
    return "".join(shown)


def _title(source: str) -> str:
    """Return the first sentence that a test says of itself."""
    try:
        says = ast.get_docstring(ast.parse(cell_python(source))) or ""
    except SyntaxError:
        return ""
    return says.partition("\n")[0].strip()[:200]
