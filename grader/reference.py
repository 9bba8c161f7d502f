"""The solution as one namespace: every function and class of its modules, by name."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

from grader.assignment import Assignment


def load_reference(assignment: Assignment, import_path: Sequence[str]) -> SimpleNamespace:
    """Import the assignment's complete modules from `import_path` and merge their public names.

    The grading process never imports a submission, so the solution may sit in ``sys.modules`` under its own name.
    """
    names: dict[str, object] = {}
    for module in load_modules(assignment, import_path).values():
        names.update({name: each for name, each in vars(module).items() if not name.startswith("_")})
    return SimpleNamespace(**names)


def load_modules(assignment: Assignment, import_path: Sequence[str]) -> dict[str, ModuleType]:
    """Import the assignment's complete modules, earlier work first, answers last."""
    release = assignment.release
    paths = (*release.earlier, *release.given, *release.answers)
    with _importing_from(import_path):
        return {name: importlib.import_module(name) for name in map(module_name, paths)}


def module_name(path: str) -> str:
    """Return the dotted name of the module in file `path`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@contextmanager
def _importing_from(folders: Sequence[str]) -> Iterator[None]:
    before = list(sys.path)
    sys.path[:0] = folders
    try:
        yield
    finally:
        sys.path[:] = before
