"""Make the part of a release with which students check their work and hand it in.

It is made of `grader.student` and of copies of the engine's modules that this and the public checks import, and nothing
else: students work offline, and get no reference, no sandbox and no other assignment.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from grader.course.assignment import Assignment
from grader.course.regions import ReleaseError, split_lines
from grader.course.releases import earlier_releases
from grader.sandbox.box.substitutes import KNOWN
from grader.sandbox.libraries import CHECK_LIBRARIES

ENGINE = "grader"
STUDENT = f"{ENGINE}.student"
"""The authored part of a student's package; it becomes the package itself."""

COPIES = "_engine"
"""Sub-package that holds copies of the rest."""

TASKS = f"{STUDENT}.tasks"

PUBLIC = "public"
"""Folder of the public checks, of an assignment and of a student's package."""

REQUIREMENTS = ("invoke>=2.2", "pytest>=8.0", "rich>=13.7")
"""What the checks and their tasks run on. A notebook brings its own IPython, and none of it may be replaced."""

EARLIER = "earlier_releases.json"
TEXTS = (".py", ".ipynb")
"""Where students write, and so what an update merges."""

CODE = Path(__file__).resolve().parent.parent
_HEADER = "# Copied from the course's grader. Changes here are undone by the next release.\n"


def kit_files(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of the assignment's check package and its tasks; none when the release has no package.

    Raises
    ------
    ReleaseError
        There are no public checks, or one needs a module that is not there.
    """
    package = assignment.release.kit
    if package is None:
        return {}
    engine = EngineSources(CODE)
    checks = _public_checks(assignment, engine)
    authored = [f"{STUDENT}.{path.stem}" for path in CODE.joinpath("student").glob("[!_]*.py")]
    roots = [STUDENT, *authored, *(name for source in checks.values() for name in imported(source, engine))]
    files = {f"{package}/{PUBLIC}/{name}": rename(source, package) for name, source in checks.items()}
    for module, source in closure(roots, engine).items():
        path = "tasks.py" if module == TASKS else student_path(module, package)
        files[path] = (_HEADER if f"/{COPIES}/" in path else "") + rename(source, package)
    files |= _packages(files, package)
    files[f"{package}/assignment.json"] = _description(assignment)
    return {path: text.encode() for path, text in files.items()}


def earlier_texts(assignment: Assignment, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the file with which a student's package tells what an earlier release handed out otherwise than this one.

    Of each version it has the texts that are others in `texts` now, and None for a file that was not there.
    """
    earlier = earlier_releases(assignment)
    if assignment.release.kit is None or not earlier:
        return {}
    now = {path: text.decode() for path, text in texts.items() if path.endswith(TEXTS)}
    changed = {
        version: {path: then.get(path) for path in now if then.get(path) != now[path]}
        for version, then in earlier.items()
    }
    document = json.dumps(changed, indent=1, ensure_ascii=False) + "\n"
    return {f"{assignment.release.kit}/{EARLIER}": document.encode()}


def _public_checks(assignment: Assignment, engine: EngineSources) -> dict[str, str]:
    folder = assignment.folder / PUBLIC
    checks = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    if not checks:
        raise ReleaseError(
            f"{folder} has no checks, but assignment.toml asks for a release.kit; write some, "
            "or leave the kit out"
        )
    return {name: direct_imports(text.replace("\r\n", "\n"), engine) for name, text in checks.items()}


def _packages(files: dict[str, str], package: str) -> dict[str, str]:
    """Return an empty package for every folder of copies."""
    folders = {
        parent
        for path in files
        for parent in PurePosixPath(path).parents
        if parent.parts[:2] == (package, COPIES)
    }
    words = '"""What the checks need of the course\'s grader, copied from it."""\n'
    return {f"{folder}/__init__.py": words for folder in folders}


def _description(assignment: Assignment) -> str:
    """Return what a student's package knows of its assignment."""
    release = assignment.release
    document = {
        "schema": 1,
        "id": assignment.id,
        "version": assignment.version,
        "title": assignment.title,
        "weights": assignment.weights,
        "answers": release.answers,
        "earlier": release.earlier,
        "given": release.given,
        "notebooks": release.notebooks,
        "cells": release.cells,
        "support": release.support,
        "fast": [f"{package}.{name}" for package in release.support for name in release.fast],
        "libraries": [*CHECK_LIBRARIES, *assignment.libraries],
        "stand_ins": sorted({name.partition(".")[0] for name in KNOWN}),
        "naive": [part.id for part in assignment.parts if part.naive],
        "parts": {part.id: part.symbol for part in assignment.parts},
        "points": {part.id: part.points for part in assignment.parts},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class EngineSources:
    """The sources of the engine.

    Attributes
    ----------
    folder
        The folder of its package.
    """

    folder: Path

    def path(self, module: str) -> Path | None:
        """Return the file of a module or package, or None where there is none."""
        base = self.folder.joinpath(*module.split(".")[1:])
        return next(
            (each for each in (base.with_suffix(".py"), base / "__init__.py") if each.is_file()), None
        )

    def source(self, module: str) -> str:
        """Return the text of a module.

        Raises
        ------
        ReleaseError
            There is no such module.
        """
        path = self.path(module)
        if path is None:
            raise ReleaseError(f"{module}, which a student's package needs, is no module of the grader")
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")

    def home(self, package: str, name: str) -> str:
        """Return the module that defines what `package` exports as `name`, or that is called so.

        Raises
        ------
        ReleaseError
            The package neither has nor imports it.
        """
        if self.path(f"{package}.{name}") is not None:
            return f"{package}.{name}"
        for node in _imports(self.source(package)):
            if name in {alias.asname or alias.name for alias in node.names}:
                return str(node.module)
        raise ReleaseError(f"{package} does not import {name!r}, which a student's package needs from it")

    def is_package(self, module: str) -> bool:
        """Whether `module` is a folder, whose ``__init__`` imports more than a copy may need."""
        path = self.path(module)
        return path is not None and path.name == "__init__.py" and module != STUDENT


def student_path(module: str, package: str) -> str:
    """Return where a copy of the grader's `module` lies in a student's tree, for a package of that name."""
    if module == STUDENT:
        return f"{package}/__init__.py"
    return rename(module, package).replace(".", "/") + ".py"


def rename(text: str, package: str) -> str:
    """Replace the grader's module names in `text` by those of their copies."""
    text = re.sub(rf"\b{ENGINE}\.student\b", package, text)
    return re.sub(rf"\b{ENGINE}\.(?=[a-z])", f"{package}.{COPIES}.", text)


def direct_imports(source: str, engine: EngineSources) -> str:
    """Return `source` with every import from a package of the grader replaced by one from the defining module.

    The copies of packages are empty, and what only a type checker would import is left out, so that a student's package
    holds what it needs and no more.
    """
    lines = split_lines(source)
    for node in reversed(_imports(source, of_types=True)):
        typed = node not in _imports(source)
        if not typed and not engine.is_package(str(node.module)):
            continue
        first = lines[node.lineno - 1]
        indent = first[: len(first) - len(first.lstrip())]
        new = [f"{indent}{line}\n" for line in (["pass"] if typed else _replacements(node, engine))]
        lines[node.lineno - 1 : node.end_lineno] = new
    return "".join(lines)


def closure(roots: Iterable[str], engine: EngineSources) -> Mapping[str, str]:
    """Return `roots` and every module of the grader they import, by name, with direct imports.

    Raises
    ------
    ReleaseError
        An import leads nowhere.
    """
    waiting = list(roots)
    found: dict[str, str] = {}
    while waiting:
        module = waiting.pop()
        if module not in found:
            found[module] = direct_imports(engine.source(module), engine)
            waiting += imported(found[module], engine)
    return dict(sorted(found.items()))


def imported(source: str, engine: EngineSources) -> list[str]:
    """Return the grader's modules that `source` imports, or imports from."""
    names = [(str(node.module), alias.name) for node in _imports(source) for alias in node.names]
    return [f"{module}.{name}" if engine.path(f"{module}.{name}") else module for module, name in names]


@cache
def _imports(source: str, *, of_types: bool = False) -> tuple[ast.ImportFrom, ...]:
    """Return the imports from the grader in the order of their lines; those for a type checker only where asked for."""
    tree = _parsed(source)
    typed = (
        set()
        if of_types
        else {inner for node in ast.walk(tree) if _is_for_types(node) for inner in ast.walk(node)}
    )
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node not in typed)
    ours = (node for node in nodes if (node.module or "").partition(".")[0] == ENGINE)
    return tuple(sorted(ours, key=lambda node: node.lineno))


@cache
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _replacements(node: ast.ImportFrom, engine: EngineSources) -> Iterator[str]:
    package = str(node.module)
    for alias in node.names:
        home = engine.home(package, alias.name)
        renamed = f" as {alias.asname}" if alias.asname else ""
        where = package if home == f"{package}.{alias.name}" else home
        yield f"from {where} import {alias.name}{renamed}"
