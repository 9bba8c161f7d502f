"""The solution as one namespace: every function and class of its modules, by name."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, contextmanager
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
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
        _forget_others(map(module_name, paths), import_path)
        modules = {name: importlib.import_module(name) for name in map(module_name, paths)}
    graph = {
        name: [each for each in _imported(module) if each in modules] for name, module in modules.items()
    }
    return {name: modules[name] for name in TopologicalSorter(graph).static_order()}


def _forget_others(names: Iterable[str], folders: Sequence[str]) -> None:
    """Drop what another course's modules of the same names, or of the packages around them, left in this process."""
    tops = {name.partition(".")[0] for name in names}
    places = [Path(folder).resolve() for folder in folders]
    for name in [each for each in sys.modules if each.partition(".")[0] in tops]:
        file = getattr(sys.modules[name], "__file__", None)
        if file and not any(Path(file).resolve().is_relative_to(place) for place in places):
            del sys.modules[name]


def _imported(module: ModuleType) -> Iterator[str]:
    """Give the names of what a module imports, and of what may be modules among the names it imports from others."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_bytes())):
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
        with chdir(folders[0]):
            yield
    finally:
        sys.path[:] = before
