"""What the assignment itself provides when a submission is staged: given code, earlier work, stubs, support."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from grader.course.assignment import Assignment, cells_module, whole_module
from grader.course.regions import solved, stub
from grader.course.releases import earlier_releases
from grader.course.repository import Course, is_extension, package_files
from grader.intake.arrivals import ReleaseIncomplete
from grader.intake.cells import whole
from grader.intake.mended import look_past_damage
from grader.intake.notebooks import Cell, CellPython, cell_python, read_notebook
from grader.intake.source import Node, SourceFile, read_source
from grader.sandbox.box.uses import needed
from grader.sandbox.libraries import modules_used

_COMPILED_FROM = frozenset({".pyx", ".pxd", ".c", ".h"})


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """The files of a release that staging needs, read once and shared by all submissions.

    Attributes
    ----------
    complete
        Path to text of every module that is handed out complete: earlier work and given helpers.
    sources
        The same modules, and those of the support package by their names, as far as text can be seen through.
    stubs
        Path to text of every answer module, as students receive it.
    cells
        The notebooks that are the home of answers; two of the stubs stand for each: see `grader.intake.cells`.
    homes
        Which answer module each symbol of the assignment belongs in.
    released
        The stub of each symbol.
    support
        The first support package, which layouts may name otherwise: path below its folder to content.
    compiled
        Its compiled extensions for this Python, which only the grading machine's own build provides.
    beside
        What else lies beside the answers and is only read, by path: data, and further support packages.
    notebooks
        Name to content, where they exist; submitted notebooks of unknown names are compared with them.
    earlier
        The texts of earlier releases, by version and path.
    imports
        What answers may import beside NumPy: the assignment's libraries, and their modules that the solution uses.
    """

    complete: Mapping[str, str]
    sources: Mapping[str, SourceFile]
    stubs: Mapping[str, str]
    homes: Mapping[str, str]
    released: Mapping[str, Node]
    support: Mapping[str, bytes]
    compiled: Mapping[str, Path]
    notebooks: Mapping[str, bytes]
    imports: tuple[str, ...] = ()
    beside: Mapping[str, Path] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    earlier: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, repository: Course, assignment: Assignment) -> Self:
        """Read the release of `assignment` from its repository.

        Raises
        ------
        ReleaseIncomplete
            A file is missing, or no answer module defines a symbol that a part judges.
        """
        release, solution = assignment.release, repository.solution(assignment)
        answers = {path: _text(solution / path) for path in release.answers}
        stubs = {path: stub(text, path) for path, text in answers.items()}
        for name in release.cells:
            solved_cells = read_notebook(_text(solution / name).encode()).cells
            answers[cells_module(name)] = whole(solved_cells, CellPython(), strict=True)
            stubs |= _stubs_of_cells(name, solved_cells)
        looked_at = {path: read_source(path, text.encode()) for path, text in stubs.items()}
        homes = {symbol: _home(symbol, looked_at, answers, assignment) for symbol in assignment.symbols}
        complete = {
            **{path: solved(_text(solution / path), path) for path in release.earlier},
            **{path: _text(solution / path) for path in release.given},
        }
        packages = [_package(repository.support(assignment) / name) for name in release.support]
        support, compiled = packages[0] if packages else ({}, {})
        further = {
            f"{name}/{inside}": path
            for name, (authored, built) in zip(release.support[1:], packages[1:], strict=True)
            for inside, path in {**authored, **built}.items()
        }
        return cls(
            complete=complete,
            sources={
                **{path: read_source(path, text.encode()) for path, text in complete.items()},
                **{
                    name: read_source(name, path.read_bytes())
                    for name, path in support.items()
                    if name.endswith(".py")
                },
            },
            stubs=stubs,
            homes=homes,
            released={
                symbol: node
                for symbol, path in homes.items()
                if (node := looked_at[path].definitions.get(symbol)) is not None
            },
            support={inside: path.read_bytes() for inside, path in support.items()},
            compiled=compiled,
            notebooks={name: found for name in release.notebooks if (found := _bytes(solution / name))},
            beside={**further, **{path: _there(solution / path) for path in release.extras}},
            imports=modules_used([*answers.values(), *complete.values()], assignment.libraries),
            cells=release.cells,
            earlier=earlier_releases(assignment),
        )

    @property
    def given_texts(self) -> dict[str, str]:
        """The texts of today's release, as far as students may write in them."""
        notebooks = {name: content.decode("utf-8", "replace") for name, content in self.notebooks.items()}
        return {**self.complete, **self.stubs, **notebooks}

    def read_source(self, path: str, data: bytes) -> SourceFile:
        """Look at a submitted file, past what does not parse; one that came back unchanged is not parsed again."""
        known = next((each for each in self.sources.values() if each.data == data), None)
        source = read_source(path, data) if known is None else replace(known, path=path)
        return look_past_damage(source) if source.error else source

    def offers(self, path: str) -> frozenset[str]:
        """Return the functions and classes of a module that is handed out complete."""
        return self.sources[path].public


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ReleaseIncomplete(
            f"{path} does not exist, but assignment.toml lists it; write it or take it from the list"
        ) from None


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _stubs_of_cells(name: str, solved_cells: tuple[Cell, ...]) -> dict[str, str]:
    """Return the modules of a notebook as students receive it: of its functions, and of all that it computes."""
    cells = [
        replace(cell, source=stub(cell.source, name, cell_python)) if cell.kind == "code" else cell
        for cell in solved_cells
    ]
    everything = whole(cells, CellPython())
    defined = ast.Module(needed(ast.parse(everything).body), [])
    return {cells_module(name): ast.unparse(defined) + "\n", whole_module(name): everything}


def _home(
    symbol: str, stubs: Mapping[str, SourceFile], answers: Mapping[str, str], assignment: Assignment
) -> str:
    """Return the module that a symbol belongs in; a variable of a notebook is there once all of it has run.

    What students write from nothing stands in no stub, and is looked for in the solution.
    """
    release, variable = assignment.release, symbol in assignment.variables
    passed_over = {(cells_module if variable else whole_module)(name) for name in release.cells}
    for path, source in stubs.items():
        names = source.names if variable else source.definitions.keys()
        if path not in passed_over and symbol in names:
            return path
    for path, text in answers.items():
        source = read_source(path, text.encode())
        if symbol in (source.names if variable else source.definitions.keys()):
            whole_of = {cells_module(name): whole_module(name) for name in release.cells}
            return whole_of.get(path, path) if variable else path
    known = ", ".join([*release.answers, *release.cells])
    advice = "; of a method, name the class" if "." in symbol else ""
    raise ReleaseIncomplete(f"a part judges {symbol}, which none of {known} defines{advice}")


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ReleaseIncomplete(f"{path} does not exist, but assignment.toml lists it; put it there")
    return path.resolve()


def _package(folder: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """Return what a support package has for Python, and its compiled extensions, by path below its folder."""
    if not folder.is_dir():
        raise ReleaseIncomplete(f"{folder} does not exist, but assignment.toml lists it as support")
    authored = package_files(folder)
    compiled = {path.name: path for path in sorted(folder.iterdir()) if is_extension(path.name)}
    return {inside: path for inside, path in authored.items() if path.suffix not in _COMPILED_FROM}, compiled
