"""Run a submission's notebooks in a box of their own; give their pages and what staff should see."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.authoring.notebooks import student_notebook
from grader.checking.run import CheckRecord
from grader.intake.notebooks import PYTHON_2, Notebook, read_notebook
from grader.intake.stage import Stage
from grader.notebooks.box import ROOT, NotebookPlan, open_box, preamble, root_of
from grader.notebooks.contradictions import contradictions
from grader.notebooks.execute import (
    DATA_TAG,
    NOTHING_WANTED,
    SKIPPED_TAGS,
    CellRun,
    CellState,
    Wanted,
    run_notebook,
)
from grader.notebooks.goals import Ran, faulted, judged, wanted_cells
from grader.notebooks.merge import Merged, MergedCell, merge
from grader.notebooks.page import notebook_page, summary
from grader.results import Flag, NotebookPage
from grader.sandbox import Box, ReusableBox, SandboxError

_OF_THIS_MACHINE = re.compile(
    r"$|(?:ModuleNotFound|Import|FileNotFound|NotADirectory|IsADirectory|Permission|OS|Connection|URL|HTTP|Memory)Error"
    r"|.*module '\w+' has no attribute|.*(?:as an integer|integers|slice indices)|.*0-dimensional arrays"
)
"""Errors for want of a file, a module or the network, and those of code for another Python or NumPy."""


@dataclass(frozen=True, slots=True)
class NotebookResults:
    """What came of a submission's notebooks.

    Attributes
    ----------
    records
        The checks that the assignment's goals for notebooks come to; the rest earns and costs no point.
    """

    pages: tuple[NotebookPage, ...] = ()
    flags: tuple[Flag, ...] = ()
    records: tuple[CheckRecord, ...] = ()


def run_notebooks(stage: Stage, plan: NotebookPlan, kept: ReusableBox | None = None) -> NotebookResults:
    """Run the notebooks of a staged submission.

    Never raises: whatever goes wrong here becomes a flag, and the checks' results stand.
    """
    try:
        submitted = submitted_notebooks(stage, plan)
        if not submitted:
            return NotebookResults(records=judged(plan.goals, {}))
        with open_box(stage, plan) if kept is None else kept.showing({ROOT: root_of(stage)}) as box:
            return run_in(box, stage, submitted, plan)
    except SandboxError as error:
        flag = Flag("notebooks_not_run", f"The notebooks did not run: {error}")
    except Exception:  # the notebooks are an extra, and must not cost the submission its result
        flag = Flag("grader_fault", traceback.format_exc())
    return NotebookResults(flags=(flag,), records=faulted(plan.goals))


def submitted_notebooks(stage: Stage, plan: NotebookPlan) -> dict[str, Notebook]:
    """Return the submitted notebooks that there is a released one of, by its name."""
    return {name: each for name, each in stage.submission.notebooks.items() if name in plan.release.notebooks}


def run_in(box: Box, stage: Stage, submitted: Mapping[str, Notebook], plan: NotebookPlan) -> NotebookResults:
    """Run notebooks in a box that shows `stage`; return their pages, flags and checks."""
    pages: list[NotebookPage] = []
    flags: list[Flag] = []
    ran: dict[str, Ran] = {}
    for name in (each for each in plan.assignment.release.notebooks if each in submitted):
        merged, runs = ran[name] = run_one(box, stage, name, submitted[name], plan)
        # What was odd about the file, staff know from intake.
        remarks = (*submitted[name].complaints, *merged.remarks)
        again = runs
        if any(_suspect(each, run) for each, run in zip(merged.cells, runs, strict=True)):
            _merged, again = run_one(box, stage, name, submitted[name], plan, seed=1)
        pages.append(NotebookPage(name, summary(runs), notebook_page(name, merged, runs, remarks)))
        flags += [Flag("notebook", f"{name}: {remark}") for remark in merged.remarks]
        # Code of Python 2 fails here, whatever it gave where it was written.
        failures = PYTHON_2 not in submitted[name].complaints
        flags += _cell_flags(name, merged, runs, again, failures=failures)
        if any(each.changed and each.changed.stored.there for each in merged.cells):
            flags += _changed_flags(box, stage, name, submitted[name], plan, failures=failures)
    return NotebookResults(tuple(pages), tuple(flags), judged(plan.goals, ran))


def run_one(
    box: Box,
    stage: Stage,
    name: str,
    submitted: Notebook,
    plan: NotebookPlan,
    wanted: Mapping[str, Wanted] = NOTHING_WANTED,
    seed: int = 0,
    *,
    as_handed_in: bool = False,
) -> Ran:
    """Run one notebook; `wanted` are cells to look at beside those of the goals.

    With another seed, or with given cells as the student changed them, nothing is looked at for the goals.
    """
    released = released_notebook(plan, name)
    merged = merge(released, submitted)
    merged = merged.as_handed_in if as_handed_in else merged
    goals = () if seed or as_handed_in else plan.goals
    looked_at = {**wanted_cells(goals, released, name, data=plan.data is not None), **wanted}
    skipped = [tag for tag in SKIPPED_TAGS if tag != DATA_TAG or plan.data is None]
    runs = run_notebook(
        lambda: box.worker(ROOT, seed),
        merged,
        plan.limits,
        str(root_of(stage)),
        preamble(stage, plan),
        skipped_tags=skipped,
        wanted=looked_at,
        data="" if plan.data is None else str(plan.data),
    )
    return merged, runs


def released_notebook(plan: NotebookPlan, name: str) -> Notebook:
    """Return the notebook as students received it, without answers."""
    return _released(plan.release.notebooks[name])


@lru_cache(maxsize=32)  # a class hands in the same few notebooks
def _released(source: bytes) -> Notebook:
    """Return the notebook as students received it, without answers."""
    return read_notebook(student_notebook(source))


def _cell_flags(
    name: str,
    merged: Merged,
    runs: Sequence[CellRun],
    again: Sequence[CellRun],
    *,
    failures: bool,
    told: Collection[int] | None = None,
) -> Iterator[Flag]:
    """Give what staff should see: cells that fail, and stored outputs that the present code contradicts.

    Parameters
    ----------
    failures
        Whether an error contradicts what is stored.
    told
        Numbers of the cells that are new to who reads; None for all.
    """
    troubled = False
    for number, (each, run, repeated) in enumerate(zip(merged.cells, runs, again, strict=True), 1):
        if told is not None and number not in told:
            troubled = troubled or run.state not in {CellState.TEXT, CellState.RAN}
            continue
        cell = f"{name}, cell {each.cell.id or number}{'' if told is None else ' as it was changed'}"
        if run.state in {CellState.FAILED, CellState.STOPPED}:
            yield Flag("notebook_cell_failed", f"{cell}: {run.note} {_error(run)}".rstrip())
        if run.state is CellState.RAN:
            found = contradictions(each.stored.text, run.outputs, repeated.outputs)
            for line in found:
                now = f"its code now gives {line.present!r}"
                yield Flag("notebook_contradicted", f"{cell} stores {line.stored!r}; {now}")
        elif failures and not troubled and _fails_anew(each, run):
            now = f"its code now gives {_error(run)}"
            yield Flag("notebook_contradicted", f"{cell} stores outputs without an error; {now}")
        troubled = troubled or run.state not in {CellState.TEXT, CellState.RAN}


def _changed_flags(
    box: Box, stage: Stage, name: str, submitted: Notebook, plan: NotebookPlan, *, failures: bool
) -> Iterator[Flag]:
    """Give what contradicts the outputs of given cells that the student changed, by what they made of them."""
    given = merge(released_notebook(plan, name), submitted)
    merged, runs = run_one(box, stage, name, submitted, plan, as_handed_in=True)
    again = runs
    if any(map(_suspect, merged.cells, runs)):
        _merged, again = run_one(box, stage, name, submitted, plan, seed=1, as_handed_in=True)
    told = frozenset(number for number, each in enumerate(given.cells, 1) if each.changed)
    yield from _cell_flags(name, merged, runs, again, failures=failures, told=told)


def _suspect(each: MergedCell, run: CellRun) -> bool:
    return run.state is CellState.RAN and bool(contradictions(each.stored.text, run.outputs))


def _fails_anew(each: MergedCell, run: CellRun) -> bool:
    """Say whether a cell fails that did not when it was stored, and for no want of this machine's or its versions."""
    fails = run.state is CellState.FAILED and each.stored.there and not each.stored.failed
    return fails and not _OF_THIS_MACHINE.match(_error(run))


def _error(run: CellRun) -> str:
    errors = [output for output in run.outputs if output.get("output_type") == "error"]
    return f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else ""
