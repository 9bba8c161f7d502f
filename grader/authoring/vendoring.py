"""Copy modules of the grader into a student's package, with what they import and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.course.errors import ReleaseError
from grader.course.regions import split_lines

ENGINE = "grader"
STUDENT = f"{ENGINE}.student"
"""The authored part of a student's package; it becomes the package itself."""

COPIES = "_engine"
"""Sub-package that holds copies of the rest."""


@dataclass(frozen=True, slots=True)
class Grader:
    """The sources of the grader.

    Attributes
    ----------
    folder
        The folder ``grader`` itself.
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


def direct_imports(source: str, grader: Grader) -> str:
    """Return `source` with every import from a package of the grader replaced by one from the defining module.

    The copies of packages are empty, so that a student's package holds what it needs and no more.
    """
    lines = split_lines(source)
    for node in reversed(_imports(source)):
        if not grader.is_package(str(node.module)):
            continue
        first = lines[node.lineno - 1]
        indent = first[: len(first) - len(first.lstrip())]
        new = [f"{indent}{line}\n" for line in _replacements(node, grader)]
        lines[node.lineno - 1 : node.end_lineno] = new
    return "".join(lines)


def closure(roots: Iterable[str], grader: Grader) -> Mapping[str, str]:
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
            found[module] = direct_imports(grader.source(module), grader)
            waiting += imported(found[module], grader)
    return dict(sorted(found.items()))


def imported(source: str, grader: Grader) -> list[str]:
    """Return the grader's modules that `source` imports, or imports from."""
    names = [(str(node.module), alias.name) for node in _imports(source) for alias in node.names]
    return [f"{module}.{name}" if grader.path(f"{module}.{name}") else module for module, name in names]


@cache
def _imports(source: str) -> tuple[ast.ImportFrom, ...]:
    """Return the imports from the grader in the order of their lines."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    ours = (node for node in nodes if (node.module or "").partition(".")[0] == ENGINE)
    return tuple(sorted(ours, key=lambda node: node.lineno))


def _replacements(node: ast.ImportFrom, grader: Grader) -> Iterator[str]:
    package = str(node.module)
    for alias in node.names:
        home = grader.home(package, alias.name)
        renamed = f" as {alias.asname}" if alias.asname else ""
        where = package if home == f"{package}.{alias.name}" else home
        yield f"from {where} import {alias.name}{renamed}"
