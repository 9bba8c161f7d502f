"""The assignment that a student's package belongs to, as its release describes it, and the student's own modules."""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from grader.checking.failures import NotImplementedYet
from grader.intake.source import module_name
from grader.results import family_of

if TYPE_CHECKING:
    from grader.student.notebook_work import NotebookWork

DESCRIPTION = "assignment.json"

_LATER = ("cells", "support", "fast", "naive", "libraries", "stand_ins")
"""What the descriptions of earlier releases lack."""

ALL_CELLS = " (all cells)"
"""What the file of a whole notebook's code is called, behind the notebook's name."""


class WorkspaceError(Exception):
    """Something keeps the assignment from being checked or packed; the message says what to do."""


class ImportFailed(Exception):
    """A module of the student's does not import; the cause is its own exception."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An assignment in the folder where a student works on it.

    Attributes
    ----------
    root
        That folder; every path below is relative to it, with forward slashes.
    package
        The folder of the check package.
    weights
        File of trained weights that is handed in as well, or None.
    answers, earlier, given, notebooks
        Modules with answers, modules of earlier work, given modules, notebooks.
    parts
        What earns points: the function or class that each part judges, by the part's name.
    points
        What each part is worth.
    cells
        Those notebooks that are the home of answers.
    support
        Given packages, which everybody has and nobody hands in.
    fast, naive
        Modules of the given fast layers, and the parts that must be solved without them.
    libraries, stand_ins
        Packages that answers may use, and those for which grading has something in their place; none where the release
        is of before it said so.
    """

    id: str
    version: str
    title: str
    root: Path
    package: Path
    weights: str | None
    answers: tuple[str, ...]
    earlier: tuple[str, ...]
    given: tuple[str, ...]
    notebooks: tuple[str, ...]
    parts: Mapping[str, str]
    points: Mapping[str, float] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    fast: tuple[str, ...] = ()
    naive: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()

    @classmethod
    def load(cls, package: Path | None = None) -> Self:
        """Read the assignment of the check package in folder `package`, by default this one.

        Raises
        ------
        WorkspaceError
            The package is not in an assignment's folder.
        """
        folder = package or Path(__file__).resolve().parent
        document = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        fields: dict[str, Any] = {name: document[name] for name in ("id", "version", "title", "weights")}
        for name in ("answers", "earlier", "given", "notebooks"):
            fields[name] = tuple(document[name])
        fields |= {name: tuple(document.get(name, ())) for name in _LATER}
        workspace = cls(
            root=folder.parent,
            package=folder,
            parts=document["parts"],
            points=document.get("points", {}),
            **fields,
        )
        workspace._demand_sources()
        return workspace

    @property
    def modules(self) -> tuple[str, ...]:
        """Dotted names of the student's modules, answers first."""
        return tuple(map(module_name, (*self.answers, *self.earlier, *self.given)))

    def selects(self, wanted: str, part_id: str, check_id: str) -> bool:
        """Whether a check belongs to what a person calls `wanted`: a check, a part, a family or a function."""
        return wanted in {check_id, part_id, family_of(part_id), self.parts[part_id]}

    def _demand_sources(self) -> None:
        if not any((self.root / path).is_file() for path in (*self.answers, *self.cells)):
            raise WorkspaceError(
                f"{self.root} has none of {', '.join((*self.answers, *self.cells))}. Go to the folder of the unpacked "
                "assignment, run `python -m pip install -e .` there, and try again."
            )


class OwnWork:
    """Attributes are the functions and classes of the student's modules, wherever they are defined.

    Where notebooks are the home of answers, so are those of their cells, and the values that all cells come to.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._notebooks: tuple[NotebookWork, ...] | None = None

    def __getattr__(self, symbol: str) -> Any:
        if symbol.startswith("__"):
            raise AttributeError(symbol)
        for name in self._workspace.modules:
            try:
                module = importlib.import_module(name)
            except Exception as error:
                raise ImportFailed(name) from error
            if symbol in vars(module):
                return vars(module)[symbol]
        for notebook in self._in_cells():
            try:
                if notebook.has(symbol):
                    return notebook.get(symbol)
            except Exception as error:
                raise ImportFailed(notebook.path.name) from error
        if self._workspace.cells:
            raise NotImplementedYet(" ".join(each.why_not(symbol) for each in self._in_cells()))
        raise NotImplementedYet(f"`{symbol}` is in none of {', '.join(self._workspace.answers)}.")

    def _in_cells(self) -> tuple[NotebookWork, ...]:
        if self._notebooks is None:
            from grader.student.notebook_work import NotebookWork  # noqa: PLC0415  # few assignments need it

            wanted = {*self._workspace.parts.values()}
            paths = [self._workspace.root / name for name in self._workspace.cells]
            self._notebooks = tuple(NotebookWork(path, wanted, f"{path}{ALL_CELLS}") for path in paths)
        return self._notebooks


def refuse(*_args: object, **_kwargs: object) -> None:
    """Stand in for a fast layer where grading has one stand in, too."""
    raise RuntimeError("this part must be solved without the given fast layers")


@contextmanager
def without_fast_layers(workspace: Workspace) -> Iterator[None]:
    """Let the given fast layers refuse, wherever the student's modules have them: where grading refuses, so do we."""
    with redirect_stderr(io.StringIO()):  # they say so when they are not compiled
        for name in workspace.fast:
            with suppress(ImportError):
                importlib.import_module(name)
    names = {*workspace.fast, *workspace.modules} & sys.modules.keys()
    withheld = [
        (sys.modules[name], key, value)
        for name in names
        for key, value in vars(sys.modules[name]).items()
        if callable(value) and getattr(value, "__module__", None) in workspace.fast
    ]
    for module, key, _ in withheld:
        setattr(module, key, refuse)
    try:
        yield
    finally:
        for module, key, value in withheld:
            setattr(module, key, value)


@contextmanager
def fresh_modules(workspace: Workspace) -> Iterator[OwnWork]:
    """Import the student's modules anew, as they are on disk now, and give a notebook its own ones back later.

    A notebook goes on with the modules it has, so that its objects and its autoreload are not disturbed.
    """
    packages = {name.partition(".")[0] for name in workspace.modules}
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}
    path, no_bytecode = list(sys.path), sys.dont_write_bytecode
    for name in kept:
        del sys.modules[name]
    sys.path.insert(0, str(workspace.root))
    # Bytecode is trusted by the second; an edit within one would be missed.
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield OwnWork(workspace)
    finally:
        sys.path[:], sys.dont_write_bytecode = path, no_bytecode
        for name in [each for each in sys.modules if each.partition(".")[0] in packages]:
            del sys.modules[name]
        sys.modules.update(kept)
