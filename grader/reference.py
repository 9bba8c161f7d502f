"""The solution as one namespace: every function and class of its modules, by name."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from types import ModuleType, SimpleNamespace

from grader.course.assignment import Assignment
from grader.intake.source import module_name


def load_reference(assignment: Assignment, import_path: Sequence[str]) -> SimpleNamespace:
    """Import the assignment's complete modules from `import_path` and merge their public names.

    The grading process never imports a submission, so the solution may sit in ``sys.modules`` under its own name.
    """
    names: dict[str, object] = {}
    for module in load_modules(assignment, import_path).values():
        names.update({name: each for name, each in vars(module).items() if not name.startswith("_")})
    return SimpleNamespace(**names)


def load_modules(assignment: Assignment, import_path: Sequence[str]) -> dict[str, ModuleType]:
    """Import the assignment's complete modules by name, each after those of them that it imports."""
    release = assignment.release
    paths = (*release.earlier, *release.given, *release.answers)
    with _importing_from(import_path):
        modules = {name: importlib.import_module(name) for name in map(module_name, paths)}
    graph = {
        name: [each for each in _imported(module) if each in modules] for name, module in modules.items()
    }
    return {name: modules[name] for name in TopologicalSorter(graph).static_order()}


def _imported(module: ModuleType) -> Iterator[str]:
    """Give the names of what a module imports, and of what may be modules among the names it imports from others."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                home = resolve_name("." * level + (source or ""), module.__package__)
                yield home
                yield from (f"{home}.{alias.name}" for alias in names)


@contextmanager
def _importing_from(folders: Sequence[str]) -> Iterator[None]:
    before = list(sys.path)
    sys.path[:0] = folders
    try:
        yield
    finally:
        sys.path[:] = before
