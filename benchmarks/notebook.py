"""What a notebook of ten cheap cells costs in the box, and what it costs to show it."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.table import Table

from grader.grading import Grader, load_grader
from grader.intake.notebooks import read_notebook
from grader.notebooks.box import ROOT
from grader.notebooks.execute import CellState, NotebookLimits, run_notebook
from grader.notebooks.merge import Merged, MergedCell, Origin
from grader.notebooks.page import notebook_page
from grader.plan import GradingPlan
from grader.sandbox import Box, Worker, choose_isolation

COURSE_KEY = "benchmark"
ROUNDS = 15
ROUNDS_WHEN_QUICK = 3
CELLS = (
    "import numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline",
    "%load_ext autoreload\n%autoreload 2",
    "x = np.arange(12.0).reshape(3, 4)\nx",
    "print(x.sum(axis=0))",
    "w = np.ones((4, 2))\nx @ w",
    "plt.plot(x.ravel())\nplt.show()",
    "for i in range(3):\n    print(i)",
    "def square(v):\n    return v * v\nsquare(x)",
    "%time y = square(x)",
    "print(float(y.mean()))",
)


@dataclass(frozen=True, slots=True)
class NotebookCost:
    """Seconds of wall time, medians over the rounds.

    Attributes
    ----------
    box, shortest
        From the fork of a worker to the output of the last cell, in a box that is open.
    cpu
        CPU time of that worker: what `box` is on a machine that does nothing else.
    page
        Making the page of it.
    first
        Opening the box, once for all submissions of a grading process.
    """

    rounds: int
    box: float
    shortest: float
    cpu: float
    page: float
    first: float


def run(rounds: int = ROUNDS) -> NotebookCost:
    """Run the notebook `rounds` times in one box."""
    root = Path(__file__).resolve().parent.parent
    grader = load_grader(GradingPlan(root, "cnn", choose_isolation(), COURSE_KEY))
    source = {"cells": [{"cell_type": "code", "source": each} for each in CELLS]}
    cells = read_notebook(json.dumps(source).encode()).cells
    merged = Merged(tuple(MergedCell(cell, Origin.GIVEN) for cell in cells))
    with tempfile.TemporaryDirectory(dir=grader.box.stages) as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / ROOT).mkdir(mode=0o755)
        return _measured(grader, Path(folder) / ROOT, merged, rounds)


def table(cost: NotebookCost) -> Table:
    """Return the figures as a table."""
    result = Table(title=f"A notebook of {len(CELLS)} cheap cells, wall seconds, median of {cost.rounds}")
    for heading in asdict(cost):
        if heading != "rounds":
            result.add_column(heading, justify="right")
    result.add_row(*(f"{value:.3f}" for name, value in asdict(cost).items() if name != "rounds"))
    return result


def _measured(grader: Grader, root: Path, merged: Merged, rounds: int) -> NotebookCost:
    kept, began = grader.notebook_box, time.perf_counter()
    with kept.showing({ROOT: root}) as box:
        first = time.perf_counter() - began
        _one_round(box, root, merged)  # imports and caches belong to the process, not to a notebook
        samples = [_one_round(box, root, merged) for _ in range(rounds)]
    kept.close()
    ran, cpu, shown = zip(*samples, strict=True)
    return NotebookCost(rounds, median(ran), min(ran), median(cpu), median(shown), first)


def _one_round(box: Box, root: Path, merged: Merged) -> tuple[float, float, float]:
    workers: list[Worker] = []

    def fork() -> Worker:
        workers.append(box.worker(ROOT))
        return workers[-1]

    began = time.perf_counter()
    runs = run_notebook(fork, merged, NotebookLimits(), str(root))
    ran = time.perf_counter()
    assert {run.state for run in runs} == {CellState.RAN}  # noqa: S101  # else it measures something else
    notebook_page("benchmark", merged, runs)
    return ran - began, workers[-1].cpu_seconds(), time.perf_counter() - ran
