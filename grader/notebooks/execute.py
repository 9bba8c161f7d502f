"""Run a merged notebook in a box, cell by cell, and keep what comes out; whatever a cell does, the rest goes on."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from grader.intake.notebooks import Cell
from grader.notebooks.merge import Merged
from grader.sandbox import StudentError, SubmissionError, Worker
from grader.sandbox.box.recorder import KINDS
from grader.sandbox.wire import clean

DATA_TAG = "data"
"""Tag of cells that need a data set."""

SKIPPED_TAGS = ("slow", DATA_TAG)
"""Tags of cells that need minutes, or data that is not in the box."""

CUT = "The output was cut: {count} characters more were put out."

_PICTURES = ("image/png", "image/jpeg")
_MOST_OUTPUTS = 1000
_NAME_CHARACTERS, _TEXT_CHARACTERS = 100, 2000
_TRACEBACK_LINES = 21

# Each of these takes time in proportion to the text, whatever the text: a cell can print anything.
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_VIEW = re.compile(r"(?:/[^\s:'\"/]{1,64}){0,8}/box-[a-z0-9_]{8}/")
_NAME_ERROR = re.compile(r"name '(\w+)' is not defined")

Output = Mapping[str, Any]
"""One output as nbformat 4 writes it."""

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


class CellState(StrEnum):
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

    state: CellState
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
            return CellRun(CellState.RAN if cell.kind == "code" else CellState.TEXT)
        wanted = self.wanted.get(cell.id)
        found = next((tag for tag in self.skipped_tags if tag in cell.tags), None)
        if found is not None and wanted is None:
            self.skipped.append(cell.source)
            return CellRun(CellState.SKIPPED, note=f"This cell was not run here: it is tagged '{found}'.")
        if self._given_up(wanted):
            return CellRun(CellState.NOT_RUN, note=self._given_up(wanted))
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
        if done.state is CellState.RAN and self.worker is not None:
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
            return CellRun(CellState.STOPPED, done.outputs, f"This cell was stopped after {seconds:g} s.")
        if not done.failed:
            return CellRun(CellState.RAN, done.outputs)
        name = self._skipped_name(done.outputs)
        if name:
            note = f"This cell needs '{name}', which a cell that was not run here makes."
            return CellRun(CellState.WAITING, done.outputs, note)
        return CellRun(CellState.FAILED, done.outputs, "This cell failed.")

    def _lost(self, error: SubmissionError) -> CellRun:
        """Say what happened to a cell that gave no answer."""
        if self.worker is not None and self.worker.alive:
            told = (
                error.type_name if isinstance(error, StudentError) else "its output is too large to be kept"
            )
            return CellRun(CellState.FAILED, note=f"This cell failed: {told}.")
        self.strikes += 1
        self.worker = None
        return CellRun(CellState.STOPPED, note=f"This cell had to be stopped ({type(error).__name__}).")

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


@dataclass(frozen=True, slots=True)
class CellReply:
    """What a worker says about one cell, checked.

    Attributes
    ----------
    failed, late
        Whether the cell raised, and whether its time was up.
    """

    outputs: tuple[Output, ...]
    failed: bool
    late: bool


def checked(reply: object, most: int, root: str, data: str = "") -> CellReply:
    """Return what is usable of a worker's reply.

    Parameters
    ----------
    most
        Characters of text to keep of one output.
    root, data
        Folders of the submission and of the data set, whose places on this machine are taken out of every text.
    """
    if not isinstance(reply, dict) or not isinstance(reply.get("outputs"), list):
        return CellReply((), True, False)
    tidy = _Tidy(most, root, data)
    outputs = [output for each in reply["outputs"][:_MOST_OUTPUTS] for output in tidy.output(each)]
    dropped = reply.get("dropped")
    if isinstance(dropped, int) and dropped > 0:
        outputs.append({"output_type": "stream", "name": "stderr", "text": CUT.format(count=dropped) + "\n"})
    return CellReply(tuple(outputs), reply.get("failed") is not False, reply.get("late") is True)


@dataclass(frozen=True, slots=True)
class _Tidy:
    most: int
    root: str
    data_folder: str

    def output(self, output: object) -> Iterator[Output]:
        """Give the output anew, if it is one."""
        match output:
            case {"output_type": "stream", "name": ("stdout" | "stderr") as name, "text": str(text)}:
                yield {"output_type": "stream", "name": name, "text": self.text(text)}
            case {"output_type": "execute_result", "data": dict(data)}:
                yield {
                    "output_type": "execute_result",
                    "data": self.data(data),
                    "metadata": {},
                    "execution_count": None,
                }
            case {"output_type": "display_data", "data": dict(data)}:
                yield {"output_type": "display_data", "data": self.data(data), "metadata": {}}
            case {"output_type": "error", "ename": str(name), "evalue": str(value), "traceback": list(lines)}:
                yield {
                    "output_type": "error",
                    "ename": clean(name, _NAME_CHARACTERS),
                    "evalue": self.text(value)[:_TEXT_CHARACTERS],
                    "traceback": [
                        self.text(str(line))[:_TEXT_CHARACTERS] for line in lines[:_TRACEBACK_LINES]
                    ],
                }

    def data(self, data: dict[Any, Any]) -> dict[str, str]:
        """Return the kinds of a rich output that are known; pictures only when they are base64."""
        texts = {kind: data[kind] for kind in KINDS if isinstance(data.get(kind), str)}
        pictures = {kind: "".join(texts[kind].split()) for kind in _PICTURES if kind in texts}
        return {kind: self.text(text) for kind, text in texts.items() if kind[:6] != "image/"} | {
            kind: text for kind, text in pictures.items() if _BASE64.fullmatch(text)
        }

    def text(self, text: str) -> str:
        """Return text without colours, without what it overwrote itself, and without places of this machine."""
        plain = _VIEW.sub("", _COLOUR.sub("", text[: self.most]))
        plain = plain.replace(f"{self.root}/", "") if self.root else plain
        plain = plain.replace(self.data_folder, "data") if self.data_folder else plain
        return clean("\n".join(map(_last_drawn, plain.replace("\r\n", "\n").split("\n"))), self.most)


def _last_drawn(line: str) -> str:
    """Return what a line shows that went back to its beginning again and again, as progress bars do."""
    return line.rstrip("\r").rpartition("\r")[2]
