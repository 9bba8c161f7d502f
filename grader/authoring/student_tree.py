"""Build, in memory, every file of the student package from the authored source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError

from grader.authoring import kit
from grader.authoring.colab import colab_cells
from grader.authoring.notebooks import (
    ANSWER_TAG,
    TASK_TAG,
    author_cells,
    model_answers,
    notebook_answers,
    student_notebook,
)
from grader.course.assignment import Assignment, PartKind
from grader.course.libraries import distribution_of
from grader.course.regions import MARKERS, Region, ReleaseError, answers, solved, stub
from grader.course.repository import Course, package_files
from grader.intake.notebooks import Cell

HANDOUT = "handout.md"
"""Beside assignment.toml: the text that becomes the student's README.md, with the assignment's values
filled in."""

SHARED = Path(__file__).with_name("handout")
"""What handouts include."""

README = "README.md"
PROJECT = "pyproject.toml"

REQUIREMENTS = ("matplotlib>=3.8", "numpy>=1.26")
"""What notebooks show figures with, and what every answer may use."""

NOTEBOOKS = ("jupyter>=1.0",)
"""Where notebooks are worked in: an extra, because Colab and Visual Studio Code bring their own, which must stay."""

BUILD_REQUIREMENT = "setuptools>=68"
"""Installs the package and, from `setup.py build_ext`, compiles the extension."""

_SOURCES = frozenset({".py", ".pyx", ".pxd", ".c", ".h"})
_TEXTS = _SOURCES | {".ipynb", ".md", ".toml", ".txt", ".json", ".cfg"}

Tree = Mapping[str, bytes]
"""Files by their path below the package's root, with forward slashes."""


@dataclass(frozen=True, slots=True)
class StudentTree:
    """The student package of one assignment.

    Attributes
    ----------
    files
        Every file, by path.
    generated
        The paths that `release` writes into the assignment's starter. The rest are the support package's, written by
        hand, and the check package's, copied from the grader into the archive alone: a copy in the
        repository would have to follow every change of the grader.
    answers
        The regions that were stubbed, in the order of the release.
    words
        The model answers that were taken out of text cells, each with the name of its cell.
    """

    files: Tree
    generated: tuple[str, ...]
    answers: tuple[Region, ...]
    words: tuple[tuple[str, str], ...] = ()


def build_tree(assignment: Assignment, repository: Course) -> StudentTree:
    """Make the student package from the assignment's solution and its support packages.

    Raises
    ------
    ReleaseError
        A file is missing or is not text, or a module listed under ``answers`` has no answer.
    RegionError, StubError, NotebookError
        An answer cannot be removed from its source.
    """
    release = assignment.release
    complete = _solution(assignment, repository)
    generated = dict(complete)
    found: list[Region] = []
    words: list[tuple[str, str]] = []
    github = repository.github(assignment)
    for path in release.answers:
        source = decoded(complete[path], path)
        found += _demand_answers(answers(source, path), f"{assignment.folders.solution}/{path}")
        generated[path] = stub(source, path).encode()
    for path in release.earlier:
        generated[path] = solved(decoded(complete[path], path), path).encode()
    for path in release.notebooks:
        found += notebook_answers(complete[path], path)
        words += model_answers(complete[path], path)
        _demand_hand_cells(assignment, path, author_cells(complete[path], path))
        first = colab_cells(github, path, assignment.id)
        generated[path] = student_notebook(complete[path], path, first, release.kit)
    files = {
        **support_files(repository.support(assignment), release.support),
        **kit.kit_files(assignment),
        **kit.earlier_texts(assignment, generated),
        **generated,
    }
    written = {README: _readme(assignment), PROJECT: _project(assignment, files)}
    return StudentTree(
        files=dict(sorted({**files, **written}.items())),
        generated=tuple(sorted({**generated, **written})),
        answers=tuple(found),
        words=tuple(words),
    )


def generated_paths(assignment: Assignment) -> frozenset[str]:
    """Return every path that a release of the assignment writes into its starter."""
    return frozenset({*_listed(assignment), README, PROJECT})


def support_files(folder: Path, packages: Iterable[str]) -> dict[str, bytes]:
    """Return the files of the support packages in `folder`: nothing built, nothing generated.

    Raises
    ------
    ReleaseError
        A package has no sources there.
    """
    files: dict[str, bytes] = {}
    for package in packages:
        found = {
            f"{package}/{inside}": normalised(path.name, path.read_bytes())
            for inside, path in package_files(folder / package).items()
        }
        if not found:
            raise ReleaseError(f"{folder / package} has no sources, but assignment.toml lists it as support")
        files |= found
    return files


def normalised(name: str, content: bytes) -> bytes:
    """Return a text file with line feeds alone, so that a checkout on Windows releases the same bytes."""
    return content.replace(b"\r\n", b"\n") if PurePosixPath(name).suffix in _TEXTS else content


def as_text(content: bytes) -> str:
    """Return `content` as UTF-8 or, where it is not, as Latin-1, which takes any bytes."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def decoded(content: bytes, path: str) -> str:
    """Return `content` as text.

    Raises
    ------
    ReleaseError
        It is not UTF-8.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReleaseError(
            f"{path} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8"
        ) from None


def _solution(assignment: Assignment, repository: Course) -> dict[str, bytes]:
    """Return every file that the release takes from the solution, complete."""
    return {
        path: _read(repository.root, f"{assignment.folders.solution}/{path}", name)
        for path, name in _listed(assignment).items()
    }


def _listed(assignment: Assignment) -> dict[str, str]:
    """Return every path that assignment.toml takes from the solution, and under which name."""
    names = ("answers", "earlier", "given", "notebooks", "extras")
    return {path: name for name in names for path in getattr(assignment.release, name)}


def _read(root: Path, path: str, name: str) -> bytes:
    try:
        return normalised(path, (root / path).read_bytes())
    except OSError as error:
        raise ReleaseError(
            f"{path}, listed in assignment.toml as release.{name}, cannot be read: {error.strerror}"
        ) from None


def _demand_hand_cells(assignment: Assignment, path: str, cells: Sequence[Cell]) -> None:
    """Make sure that what people judge is in the notebook, and that it is clear what of it students see."""
    named = {cell.id: cell for cell in cells}
    for part in assignment.parts:
        if part.kind is not PartKind.HAND or not part.cell or assignment.notebook_of(part) != path:
            continue
        cell = named.get(part.cell)
        if cell is None:
            raise ReleaseError(
                f"{path} has no cell {part.cell!r}, which part {part.id} names; give one that id"
            )
        if cell.kind == "markdown" and not {ANSWER_TAG, TASK_TAG} & set(cell.tags):
            below = next(iter(cells[cells.index(cell) + 1 :]), None)
            if below is not None and ANSWER_TAG in below.tags:
                raise ReleaseError(
                    f"{path}, cell {part.cell}: it asks, and the answer is in the cell below, which is tagged "
                    f"{ANSWER_TAG!r}; name that one in part {part.id}: "
                    + (f"cell = {below.id!r}" if below.id else "give it an id first")
                )
            raise ReleaseError(
                f"{path}, cell {part.cell}: tag it {ANSWER_TAG!r} if it holds the model answer, which is then taken "
                f"out, or {TASK_TAG!r} if it is the task and students add cells of their own"
            )


def _demand_answers(found: tuple[Region, ...], path: str) -> tuple[Region, ...]:
    if not found:
        raise ReleaseError(
            f"{path} has no YOUR CODE HERE region, nor one between marks of {', '.join(MARKERS)}; "
            "add one, or list the file under release.given"
        )
    return found


def _readme(assignment: Assignment) -> bytes:
    path = assignment.folder / HANDOUT
    environment = Environment(  # noqa: S701 - the result is Markdown, not HTML
        loader=FunctionLoader(_shared_text),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    try:
        template = environment.from_string(decoded(normalised(HANDOUT, path.read_bytes()), str(path)))
        return template.render(assignment=assignment).encode()
    except OSError as error:
        raise ReleaseError(
            f"{path}, which becomes the student's README.md, cannot be read: {error.strerror}"
        ) from None
    except TemplateError as error:
        raise ReleaseError(f"{path}: {error.message}; it may use what `assignment` has") from None


def _shared_text(name: str) -> str | None:
    """Return what every handout says alike, such as how to install: ``{% include "install" %}``."""
    path = SHARED / f"{name}.md.template"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _project(assignment: Assignment, files: Tree) -> bytes:
    """Return a pyproject.toml with which ``pip install -e .`` fetches every requirement."""
    checking = kit.REQUIREMENTS if assignment.release.kit else ()
    own = (*map(distribution_of, assignment.libraries), *assignment.release.requirements)
    building = (BUILD_REQUIREMENT,) if assignment.release.fast else ()
    requirements = sorted({*REQUIREMENTS, *checking, *own, *building} - {"numpy"})
    packages = sorted(set(_packages(files)))
    lines = (
        "[build-system]",
        f"requires = {_toml([BUILD_REQUIREMENT])}",
        'build-backend = "setuptools.build_meta"',
        "",
        "[project]",
        f'name = "{assignment.id}-assignment"',
        f"version = {json.dumps(assignment.version)}",
        f"description = {json.dumps(assignment.title, ensure_ascii=False)}",
        'requires-python = ">=3.11"',
        f"dependencies = {_toml(requirements)}",
        "",
        *(
            ["[project.optional-dependencies]", f"notebooks = {_toml(NOTEBOOKS)}", ""]
            if assignment.release.notebooks
            else []
        ),
        *_package_lines(packages, assignment.release.kit, _modules(assignment)),
    )
    return ("\n".join(lines) + "\n").encode()


def _modules(assignment: Assignment) -> list[str]:
    """Return the modules that stand in no package."""
    release = assignment.release
    listed = (*release.answers, *release.earlier, *release.given)
    return sorted(path.removesuffix(".py") for path in listed if path.endswith(".py") and "/" not in path)


def _package_lines(packages: Sequence[str], checking: str | None, modules: Sequence[str]) -> tuple[str, ...]:
    """Name the packages one by one or, with a check package, which ``starter/`` has not, as far as they are there."""
    alone = (f"py-modules = {_toml(modules)}",) if modules else ()
    if checking is None:
        return "[tool.setuptools]", f"packages = {_toml(packages)}", *alone
    data = ["*.json", f"{kit.PUBLIC}/*.py"]
    own = [name for name in packages if not name.startswith(f"{checking}.")]
    return (
        *(("[tool.setuptools]", *alone, "") if alone else ()),
        "[tool.setuptools.packages.find]",
        f"include = {_toml([*own, f'{checking}.*'])}",
        "",
        "[tool.setuptools.package-data]",
        f"{checking} = {_toml(data)}",
    )


def _packages(files: Tree) -> Iterator[str]:
    for path in map(PurePosixPath, files):
        if path.name == "__init__.py":
            yield ".".join(path.parent.parts)


def _toml(values: Iterable[str]) -> str:
    return "[\n" + "".join(f"    {json.dumps(value)},\n" for value in values) + "]"
