"""Write an assignment that was made for another grader: description, solution notebooks and tests, ready to edit."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.authoring.new import require_id, write_files
from grader.authoring.notebooks import write_notebook
from grader.course.assignment import ASSIGNMENT_FILE, PartKind, Seed
from grader.course.inside import FOLDER, InsideTest, file_name, tests_text
from grader.course.regions import CLOSES, OPENS, RULE, AuthoringError, NewAssignmentError, split_lines
from grader.course.repository import Course
from grader.intake.notebooks import Cell, cell_python

MARKING = "marking.md"
"""Beside assignment.toml: what people who judge by hand were told in the other grader."""

GIVEN = frozenset({"numpy", "matplotlib", "IPython", "ipykernel", "otter", "nbgrader"})
"""Imports that name no library: every box has them, or nobody needs them here."""

_MENTION = re.compile(r"YOUR\s+CODE\s+HERE", re.IGNORECASE)
_NOT_FILES = frozenset({".ipynb", ".pyc"})
_HANDOUT = """\
# {{ assignment.title }}

{% for part in assignment.parts %}
* {{ part.title }}: {{ part.points }} points
{% endfor %}
"""


class ImportRefused(AuthoringError):
    """An assignment of another grader that cannot be imported; the message says what about it."""


@dataclass(frozen=True, slots=True)
class ImportedPart:
    """A question: judged inside by its tests, or without tests by a person."""

    id: str
    title: str
    points: float
    notebook: str
    cell: str
    tests: tuple[InsideTest, ...] = ()
    carries: bool = False
    marking: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """An assignment of another grader, read.

    Attributes
    ----------
    notebooks
        The solved notebooks, with banners around what students write.
    files
        What they read, by path beside them.
    notes
        What was found and could not be taken over, a sentence each.
    """

    title: str
    notebooks: Mapping[str, tuple[Cell, ...]]
    parts: tuple[ImportedPart, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    seed: Seed | None = None
    notes: tuple[str, ...] = ()


def write_imported(imported: Imported, course: Course, assignment_id: str) -> tuple[Path, ...]:
    """Write `imported` as an assignment of `course`, a draft; return the files written.

    Raises
    ------
    NewAssignmentError
        The id is not one, or there is something of that name already; nothing is written then.
    """
    require_id(assignment_id)
    folder, solution = course.assignments / assignment_id, course.root / "solutions" / assignment_id
    for each in (folder, solution):
        if each.exists():
            raise NewAssignmentError(
                f"{each} is there already; choose another --as, or delete that folder first"
            )
    files: dict[Path, bytes] = {
        folder / ASSIGNMENT_FILE: _description(imported, assignment_id).encode(),
        folder / "handout.md": _HANDOUT.encode(),
        **{
            folder / FOLDER / file_name(part.id): tests_text(part.title, part.tests).encode()
            for part in imported.parts
            if part.tests
        },
        **{solution / name: write_notebook(cells, name) for name, cells in imported.notebooks.items()},
        **{solution / name: content for name, content in imported.files.items()},
    }
    told = "".join(f"## {part.id}\n\n{part.marking}\n\n" for part in imported.parts if part.marking)
    if told:
        files[folder / MARKING] = told.encode()
    return write_files(files)


def _description(imported: Imported, assignment_id: str) -> str:
    """Return the text of assignment.toml."""
    head: dict[str, Any] = {
        "id": assignment_id,
        "version": "1",
        "title": imported.title,
        "draft": True,
        "libraries": list(libraries_of(imported)),
        "files": sorted(imported.files),
    }
    tables = [
        _lines({name: value for name, value in head.items() if value != []}),
        "[folders]\n"
        + _lines({"solution": f"solutions/{assignment_id}", "starter": f"starter/{assignment_id}"}),
        "[release]\n" + _lines({"answers": [], "notebooks": list(imported.notebooks)}),
    ]
    if imported.seed is not None:
        tables.append("[notebooks.seed]\n" + _lines(imported.seed.model_dump(exclude_defaults=True)))
    tables += ["[[parts]]\n" + _lines(_part(part)) for part in imported.parts]
    return "\n\n".join(tables) + "\n"


def _part(part: ImportedPart) -> dict[str, Any]:
    kind = PartKind.INSIDE if part.tests else PartKind.HAND
    said = {
        "id": part.id,
        "kind": kind.value,
        "points": part.points,
        "title": part.title,
        "notebook": part.notebook,
        "cell": part.cell,
    }
    return said | ({"carries": True} if part.carries else {})


def _lines(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def libraries_of(imported: Imported) -> tuple[str, ...]:
    """Return the libraries that the notebooks and tests import, by the names they import them by."""
    own = {Path(name).parts[0].removesuffix(".py") for name in imported.files}
    sources = [each.source for cells in imported.notebooks.values() for each in cells if each.kind == "code"]
    sources += [test.source for part in imported.parts for test in part.tests]
    found = {name for source in sources for name in _imports(source)}
    return tuple(sorted(found - sys.stdlib_module_names - GIVEN - own))


def _imports(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(cell_python(source))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def answer_region(lines: Sequence[str], hints: Sequence[str] = ()) -> str:
    """Return an answer between banners, where students write theirs; `hints` they find there."""
    first = next((line for line in (*lines, *hints) if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    edge = f"{indent}{RULE}\n"
    text = "".join(f"{line.rstrip(chr(10))}\n" for line in lines)
    asked = "".join(f"{indent}#   {line.removeprefix(indent).rstrip()}\n" for line in hints)
    return f"{edge}{indent}# {OPENS}\n{asked}{edge}{text}{edge}{indent}# {CLOSES}\n{edge}"


def without_banners(line: str) -> str:
    """Return a line that no reader takes for a banner."""
    return _MENTION.sub("Your answer here", line)


def cut(
    source: str, begins: re.Pattern[str], ends: re.Pattern[str], place: str
) -> Iterator[tuple[bool, list[str]]]:
    """Give the pieces of a cell: whether each is between two marks, and its lines without them.

    Raises
    ------
    ImportRefused
        A mark has no partner.
    """
    lines: list[str] = []
    inside = False
    for line in split_lines(source):
        mark = begins.search(line) or ends.search(line)
        if not mark:
            lines.append(line)
            continue
        if inside == bool(begins.search(line)):
            raise ImportRefused(
                f"{place}: the line {line.strip()!r} has no partner; mend it there and import again"
            )
        yield inside, lines
        lines, inside = [], not inside
    if inside:
        raise ImportRefused(f"{place}: a region is never closed; mend it there and import again")
    yield inside, lines


def author_document(path: Path) -> Mapping[str, Any]:
    """Return a notebook of an author's as it stands in its file.

    Raises
    ------
    ImportRefused
        It is no notebook of nbformat 4, or not in Python.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        language = str(document.get("metadata", {}).get("kernelspec", {}).get("language", "python"))
        version = int(document.get("nbformat", 0))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ImportRefused(f"{path} is no notebook that can be read: {error}") from error
    if version != 4 or not isinstance(document.get("cells"), list):  # noqa: PLR2004  # nbformat's number
        raise ImportRefused(f"{path} is of nbformat {version}; open it in Jupyter and save it again")
    if language.lower() != "python":
        raise ImportRefused(f"{path} is in {language}; only Python can be graded here")
    return document  # type: ignore[no-any-return]  # a notebook


def text_of(entry: Mapping[str, Any]) -> str:
    """Return the source of a cell in a notebook's file."""
    source = entry.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def with_source(cell: Cell, source: str) -> Cell:
    """Return a cell with another source, without empty lines at its end."""
    return replace(cell, source=source.rstrip("\n"))


def files_beside(folder: Path, leave: Iterable[str] = ()) -> dict[str, bytes]:
    """Return what lies beside the notebooks of an assignment, and below."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__")) for part in inside.parts)
        if path.is_file() and not hidden and path.suffix not in _NOT_FILES and inside.parts[0] not in leave:
            found[inside.as_posix()] = path.read_bytes()
    return found


def part_id(name: str) -> str:
    """Return `name` as the id of a part and of a cell."""
    fitting = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60]
    return fitting if re.match(r"[A-Za-z_]", fitting) else f"q{fitting}"
