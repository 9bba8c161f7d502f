"""The solution as one namespace: every function and class of its modules, by name."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stdout
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from zlib import crc32

from grader.course.assignment import Assignment, cells_module
from grader.intake.cells import whole
from grader.intake.notebooks import CellPython, read_notebook
from grader.intake.source import module_name
from grader.sandbox.scratch import scratch_folder


def load_reference(assignment: Assignment, import_path: Sequence[str]) -> SimpleNamespace:
    """Import the assignment's complete modules from `import_path` and merge their public names.

    The grading process never imports a submission, so the solution may sit in ``sys.modules`` under its own name.
    """
    return reference_of(load_modules(assignment, import_path).values())


def reference_of(modules: Iterable[ModuleType]) -> SimpleNamespace:
    """Merge the public names of complete modules."""
    names: dict[str, object] = {}
    for module in modules:
        names.update({name: each for name, each in vars(module).items() if not name.startswith("_")})
    return SimpleNamespace(**names)


def load_modules(assignment: Assignment, import_path: Sequence[str]) -> dict[str, ModuleType]:
    """Import the assignment's complete modules by name, each after those of them that it imports."""
    release = assignment.release
    notebooks = _of_notebooks(assignment, Path(import_path[0])) if release.cells else ()
    paths = (*release.earlier, *release.given, *release.answers, *(path.name for path in notebooks))
    import_path = [*import_path, *{str(path.parent) for path in notebooks}]
    with _importing_from(import_path):
        _forget_others(map(module_name, paths), import_path)
        modules = {name: importlib.import_module(name) for name in map(module_name, paths)}
    graph = {
        name: [each for each in _imported(module) if each in modules] for name, module in modules.items()
    }
    return {name: modules[name] for name in TopologicalSorter(graph).static_order()}


def _of_notebooks(assignment: Assignment, solution: Path) -> list[Path]:
    """Write the notebooks that are the home of answers as modules, and return where they are in this process."""
    os.environ.setdefault("MPLBACKEND", "Agg")  # there may be no screen to draw on
    folder = scratch_folder() / f"cells-{crc32(str(assignment.folder).encode())}"
    folder.mkdir(exist_ok=True)
    written = []
    for name in assignment.release.cells:
        path = folder / cells_module(name)
        tests = {
            each.cell for each in assignment.inside if each.notebook == name
        }  # they judge with their own seed
        cells = [each for each in read_notebook((solution / name).read_bytes()).cells if each.id not in tests]
        path.write_text(whole(cells, CellPython(), strict=True), encoding="utf-8")
        written.append(path)
    return written


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
        with chdir(folders[0]), redirect_stdout(StringIO()):  # a notebook prints
            yield
    finally:
        sys.path[:] = before
