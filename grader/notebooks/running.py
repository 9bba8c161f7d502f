"""Run a merged notebook in a box, cell by cell; whatever a cell does, the rest goes on."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from grader.notebooks.cells import Cell, Output
from grader.notebooks.merged import Merged
from grader.notebooks.outputs import checked
from grader.sandbox import StudentError, SubmissionError, Worker

DATA_TAG = "data"
"""Tag of cells that need a data set."""

SKIPPED_TAGS = ("slow", DATA_TAG)
"""Tags of cells that need minutes, or data that is not in the box."""

_NAME_ERROR = re.compile(r"name '(\w+)' is not defined")


Look = Callable[[Worker], object]
"""Looks at what a cell left behind; what it raises of `SubmissionError` means that there is nothing to see."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cell that runs whatever its tags say, under its own time limit, and is looked at afterwards.

    Attributes
    ----------
    heard
        Told what it prints, as it comes.
    """

    seconds: float
    look: Look
    heard: Callable[[bytes], None] | None = None


@dataclass(frozen=True, slots=True)
class NotebookLimits:
    """What a notebook may use.

    Attributes
    ----------
    cell_seconds
        Wall time of one cell; then it is interrupted. Checking gradients through plain loops takes up to 10 s.
    notebook_seconds
        Wall time of all cells together; cells that are left then do not run.
    output_characters
        Kept of one cell's output.
    repeat_seconds
        Cells that took longer are not run again when a process has to be replaced.
    strikes
        How many processes a notebook may use up before the rest does not run.
    """

    cell_seconds: float = 20.0
    notebook_seconds: float = 60.0
    output_characters: int = 400_000
    repeat_seconds: float = 1.0
    strikes: int = 3


class State(StrEnum):
    """What became of a cell."""

    TEXT = "text"
    RAN = "ran"
    FAILED = "failed"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    WAITING = "needs a skipped cell"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class CellRun:
    """One cell of the notebook after the run.

    Attributes
    ----------
    note
        Why it did not run to its end, in words for the student; empty when it did.
    found
        What was seen in a wanted cell after it ran; None when there was nothing to see.
    """

    state: State
    outputs: tuple[Output, ...] = ()
    note: str = ""
    found: object = None


NOTHING_WANTED: Mapping[str, Wanted] = MappingProxyType({})


def run_notebook(
    fork: Callable[[], Worker],
    merged: Merged,
    limits: NotebookLimits,
    root: str,
    preamble: str = "",
    *,
    skipped_tags: Sequence[str] = SKIPPED_TAGS,
    wanted: Mapping[str, Wanted] = NOTHING_WANTED,
    data: str = "",
) -> tuple[CellRun, ...]:
    """Run the cells of `merged` in their order; return what became of each.

    A cell that does not let itself be interrupted costs its process. Then a fresh one takes over: the earlier
    cells that ran quickly run again, unseen, and the notebook goes on after the cell.

    Parameters
    ----------
    fork
        Gives a fresh process of a box that has a shell.
    root
        Folder of the submission, to be taken out of what is shown.
    preamble
        Code that runs first, unseen.
    wanted
        Cells to run in any case, by id. Their time is not the notebook's.
    data
        Folder of the data set, to be taken out of what is shown as well.
    """
    run = _Run(fork, limits, root, preamble, tuple(skipped_tags), wanted, data)
    try:
        return tuple(run.cell(each.cell) for each in merged.cells)
    finally:
        run.close()


def aliases(modules: Mapping[str, str]) -> str:
    """Return code that makes modules importable under their released names.

    Parameters
    ----------
    modules
        Released module to the submission's, such as ``{"nndl.conv_layers": "cs231n.layers"}``.
    """
    renamed = {name: own for name, own in modules.items() if name != own}
    if not renamed:
        return ""
    return _ALIASES.format(renamed=renamed)


_ALIASES = """\
def _alias(renamed):
    import importlib, sys, types
    for name, own in renamed.items():
        top, _, last = name.rpartition(".")
        try:
            module = importlib.import_module(own)
            if top:
                try:
                    package = importlib.import_module(top)
                except ImportError:
                    package = sys.modules[top] = types.ModuleType(top)
                    package.__path__ = []
                setattr(package, last, module)
        except Exception:
            continue
        sys.modules[name] = module
_alias({renamed!r})
del _alias
"""


@dataclass
class _Run:
    fork: Callable[[], Worker]
    limits: NotebookLimits
    root: str
    preamble: str
    skipped_tags: tuple[str, ...]
    wanted: Mapping[str, Wanted]
    data: str
    worker: Worker | None = None
    on_wanted: float = 0.0
    started: float = field(default_factory=time.monotonic)
    strikes: int = 0
    quick: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def cell(self, cell: Cell) -> CellRun:
        """Run one cell, if it is to be run."""
        if cell.kind != "code" or not cell.source.strip():
            return CellRun(State.RAN if cell.kind == "code" else State.TEXT)
        wanted = self.wanted.get(cell.id)
        found = next((tag for tag in self.skipped_tags if tag in cell.tags), None)
        if found is not None and wanted is None:
            self.skipped.append(cell.source)
            return CellRun(State.SKIPPED, note=f"This cell was not run here: it is tagged '{found}'.")
        if self._given_up(wanted):
            return CellRun(State.NOT_RUN, note=self._given_up(wanted))
        if wanted is not None:
            return self._wanted(cell, wanted)
        return self._run(cell, self.limits.cell_seconds)

    def close(self) -> None:
        """End the process."""
        if self.worker is not None:
            self.worker.close()

    def _given_up(self, wanted: Wanted | None) -> str:
        """Return why nothing more is run, if so."""
        if self.strikes >= self.limits.strikes:
            return "This cell was not run: too many cells before it had to be stopped."
        used = time.monotonic() - self.started - self.on_wanted
        if used > self.limits.notebook_seconds and wanted is None:
            return f"This cell was not run: the notebook's {self.limits.notebook_seconds:g} s were used up."
        return ""

    def _wanted(self, cell: Cell, wanted: Wanted) -> CellRun:
        begun = time.monotonic()
        done = self._run(cell, wanted.seconds, wanted.heard)
        if done.state is State.RAN and self.worker is not None:
            with contextlib.suppress(SubmissionError):
                done = replace(done, found=wanted.look(self.worker))
        if self.worker is not None and not self.worker.alive:
            self.worker = None
        self.on_wanted += time.monotonic() - begun
        return done

    def _run(self, cell: Cell, seconds: float, heard: Callable[[bytes], None] | None = None) -> CellRun:
        limits, begun = self.limits, time.monotonic()
        try:
            reply = self._ready().run_cell(cell.source, seconds, limits.output_characters, heard)
        except SubmissionError as error:
            return self._lost(error)
        done = checked(reply, limits.output_characters, self.root, self.data)
        if time.monotonic() - begun <= limits.repeat_seconds and not done.late:
            self.quick.append(cell.source)
        if done.late:
            return CellRun(State.STOPPED, done.outputs, f"This cell was stopped after {seconds:g} s.")
        if not done.failed:
            return CellRun(State.RAN, done.outputs)
        name = self._skipped_name(done.outputs)
        if name:
            note = f"This cell needs '{name}', which a cell that was not run here makes."
            return CellRun(State.WAITING, done.outputs, note)
        return CellRun(State.FAILED, done.outputs, "This cell failed.")

    def _lost(self, error: SubmissionError) -> CellRun:
        """Say what happened to a cell that gave no answer."""
        if self.worker is not None and self.worker.alive:
            told = (
                error.type_name if isinstance(error, StudentError) else "its output is too large to be kept"
            )
            return CellRun(State.FAILED, note=f"This cell failed: {told}.")
        self.strikes += 1
        self.worker = None
        return CellRun(State.STOPPED, note=f"This cell had to be stopped ({type(error).__name__}).")

    def _ready(self) -> Worker:
        """Return the process; a new one has run the preamble and the earlier cells that were quick."""
        if self.worker is None:
            self.worker = self.fork()
            earlier: Sequence[str] = [*([self.preamble] if self.preamble else []), *self.quick]
            for source in earlier:
                self.worker.run_cell(source, self.limits.cell_seconds, 0)
        return self.worker

    def _skipped_name(self, outputs: Sequence[Output]) -> str:
        """Return the name that is missing because the cell that makes it was skipped."""
        for output in outputs:
            found = _NAME_ERROR.search(str(output.get("evalue", "")))
            if output.get("ename") == "NameError" and found:
                made = re.compile(rf"\b{found[1]}\b")
                if any(made.search(source) for source in self.skipped):
                    return found[1]
        return ""
