"""Run a submission's notebooks in a box of their own; give their pages and what staff should see."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from grader.authoring.notebooks import student_notebook
from grader.checking.plugin import CheckRecord
from grader.course.assignment import Assignment, Goal
from grader.course.limits import GIBIBYTE, MEBIBYTE, Limits
from grader.intake.notebooks import match_notebooks
from grader.intake.release import ReleaseSource
from grader.intake.stage import Stage
from grader.notebooks.cells import Notebook, Output
from grader.notebooks.contradictions import contradictions
from grader.notebooks.fonts import matplotlib_fonts
from grader.notebooks.goals import Ran, faulted, judged, wanted_cells
from grader.notebooks.merged import Merged, MergedCell, merge
from grader.notebooks.page import notebook_page, summary
from grader.notebooks.reading import read_notebook
from grader.notebooks.running import (
    DATA_TAG,
    NOTHING_WANTED,
    SKIPPED_TAGS,
    CellRun,
    NotebookLimits,
    State,
    Wanted,
    aliases,
    run_notebook,
)
from grader.results import Flag, NotebookPage
from grader.sandbox import Box, BoxSpec, Isolation, ReusableBox, SandboxError
from grader.sandbox.libraries import NOTEBOOK_LIBRARIES

ROOT = "full"
"""The root of the stage that notebooks see: the whole package, with the given fast layers."""

_HEADER_BYTES = 8 * MEBIBYTE
"""Outputs cross as text in a frame's header; what a cell may put out takes at most this as JSON."""

_DATA_BYTES = 2 * GIBIBYTE
"""Address space beside the checks' for a data set in memory, once as it is read and once as it is used."""


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


@dataclass(frozen=True, slots=True)
class NotebookPlan:
    """What the notebooks of all submissions have in common.

    Attributes
    ----------
    data
        Folder of the data set; without one the cells that need it are skipped.
    """

    assignment: Assignment
    release: ReleaseSource
    isolation: Isolation
    limits: NotebookLimits = field(default_factory=NotebookLimits)
    data: Path | None = None

    def __post_init__(self) -> None:
        # In a box only the real folder is there, and no link that leads to it.
        object.__setattr__(self, "data", self.data and self.data.resolve())

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What cells must arrive at."""
        return self.assignment.notebooks.goals


def run_notebooks(
    stage: Stage, files: Mapping[str, bytes], plan: NotebookPlan, kept: ReusableBox | None = None
) -> NotebookResults:
    """Run the notebooks of a staged submission.

    Never raises: whatever goes wrong here becomes a flag, and the checks' results stand.

    Parameters
    ----------
    files
        The submission's files; notebooks that are not JSON are looked for there.
    """
    try:
        submitted = submitted_notebooks(stage, files, plan)
        if not submitted:
            return NotebookResults(records=judged(plan.goals, {}))
        with open_box(stage, plan) if kept is None else kept.showing({ROOT: _root(stage)}) as box:
            return run_in(box, stage, submitted, plan)
    except SandboxError as error:
        flag = Flag("notebooks_not_run", f"The notebooks did not run: {error}")
    except Exception:  # the notebooks are an extra, and must not cost the submission its result
        flag = Flag("grader_fault", traceback.format_exc())
    return NotebookResults(flags=(flag,), records=faulted(plan.goals))


def notebooks_seconds(assignment: Assignment, *, with_data: bool) -> float:
    """Return how long the notebooks of one submission may run by their own limits, on a machine of its own."""
    limits = NotebookLimits()
    goals = sum(goal.seconds for goal in assignment.notebooks.goals) if with_data else 0.0
    return goals + len(assignment.release.notebooks) * (limits.notebook_seconds + limits.cell_seconds)


def submitted_notebooks(stage: Stage, files: Mapping[str, bytes], plan: NotebookPlan) -> dict[str, Notebook]:
    """Return what can be read of the submitted notebooks, by their released names."""
    found = _submitted(stage, files, plan.assignment, plan.release)
    return {name: read_notebook(data) for name, data in found.items() if name in plan.release.notebooks}


def open_box(stage: Stage, plan: NotebookPlan, more_seconds: float = 0.0) -> Box:
    """Open a box for the notebooks of a staged submission.

    Parameters
    ----------
    more_seconds
        CPU time that a cell needs beside what the limits and the goals allow.
    """
    spec = replace(_spec(plan), roots={ROOT: _root(stage)})
    return Box.open(spec, plan.isolation, _box_limits(plan, more_seconds))


def kept_box(plan: NotebookPlan, stages: Path) -> ReusableBox:
    """Return a box for the notebooks of all submissions that are staged in `stages`, one after the other."""
    return ReusableBox(plan.isolation, _box_limits(plan), _spec(plan), stages)


def _spec(plan: NotebookPlan) -> BoxSpec:
    data = () if plan.data is None else (plan.data,)
    return BoxSpec({}, NOTEBOOK_LIBRARIES, matplotlib_fonts(), data)


def run_in(box: Box, stage: Stage, submitted: Mapping[str, Notebook], plan: NotebookPlan) -> NotebookResults:
    """Run notebooks in a box that shows `stage`; return their pages, flags and checks."""
    pages: list[NotebookPage] = []
    flags: list[Flag] = []
    ran: dict[str, Ran] = {}
    for name in (each for each in plan.assignment.release.notebooks if each in submitted):
        merged, runs = ran[name] = run_one(box, stage, name, submitted[name], plan)
        remarks = (*submitted[name].complaints, *merged.remarks)
        pages.append(NotebookPage(name, summary(runs), notebook_page(name, merged, runs, remarks)))
        flags += [Flag("notebook", f"{name}: {remark}") for remark in remarks]
        flags += _cell_flags(name, merged, runs)
    return NotebookResults(tuple(pages), tuple(flags), judged(plan.goals, ran))


def run_one(
    box: Box,
    stage: Stage,
    name: str,
    submitted: Notebook,
    plan: NotebookPlan,
    wanted: Mapping[str, Wanted] = NOTHING_WANTED,
) -> Ran:
    """Run one notebook; `wanted` are cells to look at beside those of the goals."""
    released = released_notebook(plan, name)
    merged = merge(released, submitted)
    looked_at = {**wanted_cells(plan.goals, released, name, data=plan.data is not None), **wanted}
    skipped = [tag for tag in SKIPPED_TAGS if tag != DATA_TAG or plan.data is None]
    runs = run_notebook(
        lambda: box.worker(ROOT),
        merged,
        plan.limits,
        str(_root(stage)),
        _preamble(stage, plan),
        skipped_tags=skipped,
        wanted=looked_at,
        data="" if plan.data is None else str(plan.data),
    )
    return merged, runs


def released_notebook(plan: NotebookPlan, name: str) -> Notebook:
    """Return the notebook as students received it, without answers."""
    return _released(plan.release.notebooks[name])


def _submitted(
    stage: Stage, files: Mapping[str, bytes], assignment: Assignment, release: ReleaseSource
) -> dict[str, bytes]:
    """Return the submitted notebooks by their released names, the damaged ones too."""
    missing = [name for name in assignment.release.notebooks if name not in stage.notebooks]
    others = (
        {path: data for path, data in files.items() if path.lower().endswith(".ipynb")} if missing else {}
    )
    damaged = {path: data for path, data in others.items() if not _is_document(data)}
    # What can be read of a damaged file decides which notebook it is; the file itself is read later, for its flaws.
    readable = {path: _rewritten(read_notebook(data)) for path, data in damaged.items()}
    found = match_notebooks(readable, missing, release.notebooks).notebooks
    origins = {text: path for path, text in readable.items()}
    return {**stage.notebooks, **{name: damaged[origins[text]] for name, text in found.items()}}


def _is_document(data: bytes) -> bool:
    """Say whether `data` is a JSON object, which intake has looked at already."""
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False


def _rewritten(notebook: Notebook) -> bytes:
    cells = [{"cell_type": cell.kind, "source": cell.source} for cell in notebook.cells]
    return json.dumps({"cells": cells}).encode()


@lru_cache(maxsize=32)  # a class hands in the same few notebooks
def _released(source: bytes) -> Notebook:
    """Return the notebook as students received it, without answers."""
    return read_notebook(student_notebook(source))


def _root(stage: Stage) -> Path:
    return Path(stage.roots[ROOT]).resolve()


def _box_limits(plan: NotebookPlan, more_seconds: float = 0.0) -> Limits:
    limits, notebook = plan.assignment.limits, plan.limits
    seconds = notebook.notebook_seconds + notebook.cell_seconds + more_seconds
    with_data = plan.data is not None
    return replace(
        limits,
        header_bytes=_HEADER_BYTES,
        cpu_seconds=seconds + with_data * sum(goal.seconds for goal in plan.goals),
        address_space=limits.address_space + with_data * _DATA_BYTES,
    )


def _preamble(stage: Stage, plan: NotebookPlan) -> str:
    """Return code that makes cells find modules, data and the check magic where they look for them."""
    rules, kit = plan.assignment.notebooks, plan.assignment.release.kit
    where = f"import os\nos.environ[{rules.data_variable!r}] = {str(plan.data)!r}\ndel os\n"
    return "".join(
        (
            aliases(_renamed_modules(stage, plan.assignment)),
            where if rules.data_variable and plan.data else "",
            _KIT.format(name=kit) if kit else "",
        )
    )


_KIT = """\
def _kit(name):
    import sys, types
    def check(line):
        print("%check runs on your own machine; here it is left out.")
    module = sys.modules[name] = types.ModuleType(name)
    module.load_ipython_extension = lambda shell: shell.register_magic_function(check, "line", "check")
_kit({name!r})
del _kit
"""


def _renamed_modules(stage: Stage, assignment: Assignment) -> dict[str, str]:
    """Return the released modules that go by another name in the submission's layout."""
    layout = next(each for each in assignment.layouts if each.name == stage.layout)
    paths = {**layout.given, **layout.earlier, **layout.answers}
    support = dict.fromkeys(assignment.release.support, layout.support)
    modules = {_module(path): _module(own) for path, own in paths.items()}
    return {name: own for name, own in {**support, **modules}.items() if name != own}


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _cell_flags(name: str, merged: Merged, runs: Sequence[CellRun]) -> Iterator[Flag]:
    """Give what staff should see: cells that fail, and stored outputs that the present code contradicts."""
    for number, (each, run) in enumerate(zip(merged.cells, runs, strict=True), 1):
        cell = f"{name}, cell {each.cell.id or number}"
        if run.state in {State.FAILED, State.STOPPED}:
            yield Flag("notebook_cell_failed", f"{cell}: {run.note} {_error(run)}".rstrip())
        for found in _contradicted(each, run):
            yield Flag("notebook_contradicted", f"{cell} stores {found[0]}; its code now gives {found[1]}")


def _contradicted(each: MergedCell, run: CellRun) -> Iterator[tuple[str, str]]:
    if run.state is State.RAN:
        for found in contradictions(each.stored, run.outputs):
            yield repr(found.stored), repr(found.present)
    elif run.state is State.FAILED and each.stored and not _has_error(each.stored):
        yield "outputs without an error", _error(run) or "none"


def _has_error(outputs: Sequence[Output]) -> bool:
    return any(output.get("output_type") == "error" for output in outputs)


def _error(run: CellRun) -> str:
    errors = [output for output in run.outputs if output.get("output_type") == "error"]
    return f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else ""
