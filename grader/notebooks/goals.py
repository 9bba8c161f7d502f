"""Judge the numbers that a notebook's cells must arrive at: each goal gives one check, with words for the student."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np

from grader.checking.marks import CheckMark
from grader.checking.run import CheckRecord
from grader.checking.verdicts import PASSED, Verdict
from grader.course.assignment import Goal, path_steps
from grader.intake.notebooks import Notebook
from grader.notebooks.execute import DATA_TAG, CellRun, CellState, Wanted
from grader.notebooks.merge import Merged
from grader.results import Outcome, Scope
from grader.sandbox import Handle, StudentError, SubmissionError, Worker

Ran = tuple[Merged, Sequence[CellRun]]
"""A notebook and what became of its cells."""

NOT_HANDED_IN = "{notebook} was not handed in, so this could not be tried."
NO_DATA = "The data set is not on this machine, so this was not tried; it is left out of the total."
NOT_RUN = "The notebooks could not be run here; staff are told, and this is left out of the total."
NO_CELL = "{notebook} has no cell {cell}."
NO_NUMBER = "After the cell {cell} of {notebook} there is no number where one was looked for."
TOO_LITTLE = "It came to {found:.3g}, and at least {least:g} was asked for."


def wanted_cells(goals: Sequence[Goal], released: Notebook, name: str, *, data: bool) -> dict[str, Wanted]:
    """Return the cells of notebook `name` that goals look at, but for those that need a data set that is not there."""
    here = [goal for goal in goals if goal.notebook == name]
    tags = {cell.id: cell.tags for cell in released.cells}
    cells = dict.fromkeys(goal.cell for goal in here if data or DATA_TAG not in tags.get(goal.cell, ()))
    return {cell: _wanted([goal for goal in here if goal.cell == cell]) for cell in cells}


def _wanted(goals: Sequence[Goal]) -> Wanted:
    def look(worker: Worker) -> dict[str, object]:
        found: dict[str, object] = {}
        for goal in goals:
            with contextlib.suppress(SubmissionError):
                found[goal.id] = number_at(worker, goal.value)
        return found

    return Wanted(max(goal.seconds for goal in goals), look)


def value_at(worker: Worker, path: str) -> object:
    """Return the value at `path` in the notebook's variables, or a `Handle` of it.

    Raises
    ------
    SubmissionError
        There is none.
    """
    name, steps = path_steps(path)
    value: object = worker.resolve("__main__", name)
    for kind, key in steps:
        if not isinstance(value, Handle):
            raise StudentError("TypeError", f"{path} leads through a plain value", "", "")
        value = worker.get_attribute(value, str(key)) if kind == "attribute" else worker.get_item(value, key)
    return value


def number_at(worker: Worker, path: str) -> float | None:
    """Return the number at `path`, None where there is something else.

    Raises
    ------
    SubmissionError
        There is nothing.
    """
    value = value_at(worker, path)
    value = worker.fetch(value) if isinstance(value, Handle) else value
    numeric = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "fiu"
    plain = isinstance(value, float | int) and not isinstance(value, bool)
    try:
        return float(value) if numeric or plain else None  # type: ignore[arg-type]  # either kind of number
    except OverflowError:
        return None


def judged(goals: Sequence[Goal], ran: Mapping[str, Ran]) -> tuple[CheckRecord, ...]:
    """Return one check per goal; none for advice that this machine cannot give.

    Parameters
    ----------
    ran
        What ran, by the notebook's name.
    """
    records = (_record(goal, _verdict(goal, ran.get(goal.notebook))) for goal in goals)
    return tuple(each for each in records if each.mark.weight or not each.verdict.outcome.excused)


def faulted(goals: Sequence[Goal]) -> tuple[CheckRecord, ...]:
    """Return the checks of goals that count, for notebooks that could not be run through no fault of the student."""
    counting = (goal for goal in goals if goal.scope is Scope.HOMEWORK)
    return tuple(_record(goal, Verdict(Outcome.GRADER_ERROR, NOT_RUN)) for goal in counting)


def _record(goal: Goal, verdict: Verdict) -> CheckRecord:
    weight = goal.weight if goal.scope is Scope.HOMEWORK else 0.0
    mark = CheckMark(goal.part, goal.scope, weight)
    return CheckRecord(f"{goal.part}:{goal.id}", mark, goal.title, verdict, 0.0)


def _verdict(goal: Goal, ran: Ran | None) -> Verdict:
    names = {"notebook": goal.notebook, "cell": goal.cell}
    if ran is None:
        return Verdict(Outcome.NOT_IMPLEMENTED, NOT_HANDED_IN.format(**names))
    merged, runs = ran
    run = next((run for each, run in zip(merged.cells, runs, strict=True) if each.cell.id == goal.cell), None)
    if run is None:
        return Verdict(Outcome.GRADER_ERROR, NO_CELL.format(**names))
    if run.state is CellState.SKIPPED:
        return Verdict(Outcome.NOT_GRADED, NO_DATA)
    if run.state is not CellState.RAN:
        return Verdict(_outcome(run.state), f"{goal.notebook}, cell {goal.cell}: {_told(run)}")
    return _compared(goal, run.found.get(goal.id) if isinstance(run.found, dict) else None)


def _compared(goal: Goal, found: object) -> Verdict:
    if not isinstance(found, float) or not isfinite(found):
        return Verdict(Outcome.FAILED, NO_NUMBER.format(notebook=goal.notebook, cell=goal.cell))
    if found < goal.least:
        return Verdict(Outcome.FAILED, TOO_LITTLE.format(found=found, least=goal.least))
    return PASSED


def _outcome(state: CellState) -> Outcome:
    ends = {CellState.FAILED: Outcome.ERROR, CellState.STOPPED: Outcome.TIMEOUT}
    return ends.get(state, Outcome.BLOCKED)


def _told(run: CellRun) -> str:
    errors = [output for output in run.outputs if output.get("output_type") == "error"]
    said = f" {errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else ""
    return f"{run.note}{said}"[:500]
