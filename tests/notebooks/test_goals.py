"""Goals: numbers that cells must arrive at, each a check with plain words, and nothing without the data set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.checking.run import CheckRecord
from grader.course.assignment import Goal, NotebookRules
from grader.intake import ReleaseSource
from grader.intake.notebooks import read_notebook
from grader.notebooks.box import NotebookPlan
from grader.notebooks.execute import NotebookLimits
from grader.notebooks.goals import faulted
from grader.notebooks.run import run_notebooks
from grader.results import Outcome, Scope
from tests.notebooks.build import code, document, staged, written

NAME = "CNN.ipynb"
PART = "CNN.accuracy"
LOAD = "import os\nfrom pathlib import Path\nnumber = float((Path(os.environ['NUMBERS']) / 'number.txt').read_text())"
CELLS = (
    code(LOAD, "load", "data"),
    code("history = [0.1, number]\nclass Net: best = 'much'\nnet = Net()", "train", "data", "slow"),
    code("1 / 0", "broken", "slow"),
    code("while True: pass", "endless", "slow"),
    code("print(number)", "free"),
)
GOALS = {
    "reached": ("train", "history[-1]", 0.5),
    "missed": ("train", "history[0]", 0.5),
    "words": ("train", "net.best", 0.5),
    "nothing": ("train", "net.worst", 0.5),
    "own": ("free", "number", 0.5),
    "broken": ("broken", "number", 0.5),
    "endless": ("endless", "number", 0.5),
    "absent": ("elsewhere", "number", 0.5),
}


def goal(name: str, scope: Scope = Scope.HOMEWORK) -> Goal:
    """Return one of the goals."""
    cell, value, least = GOALS[name]
    told = {"notebook": NAME, "part": PART, "title": f"Goal {name}."}
    return Goal(id=name, cell=cell, value=value, least=least, scope=scope, seconds=1.0, **told)


@pytest.fixture(scope="module")
def plan(repository, cnn, isolation, tmp_path_factory) -> NotebookPlan:
    """The assignment with one notebook, its goals, and a data set of one number."""
    data = tmp_path_factory.mktemp("numbers")
    (data / "number.txt").write_text("0.75", encoding="utf-8")
    rules = NotebookRules(data_variable="NUMBERS", goals=tuple(map(goal, GOALS)))
    whole = ReleaseSource.of(repository, cnn)
    release = replace(whole, notebooks=dict.fromkeys(cnn.release.notebooks, written(document(*CELLS))))
    limits = NotebookLimits(cell_seconds=5.0)
    return NotebookPlan(cnn.model_copy(update={"notebooks": rules}), release, isolation, limits, data)


def records(plan: NotebookPlan, root: Path, *notebooks: str) -> dict[str, CheckRecord]:
    """Run notebooks as released and return what became of the goals, by their names."""
    handed_in = dict.fromkeys(notebooks, read_notebook(written(document(*CELLS))))
    found = run_notebooks(staged(root, handed_in), plan)
    return {each.id.partition(":")[2]: each for each in found.records}


@pytest.fixture(scope="module")
def judged(plan, root) -> dict[str, CheckRecord]:
    """What the goals come to where the notebook was handed in and the data set is there."""
    return records(plan, root, NAME)


@pytest.mark.parametrize(
    ("name", "outcome", "said"),
    [
        ("reached", Outcome.PASSED, ""),
        ("missed", Outcome.FAILED, "It came to 0.1, and at least 0.5 was asked for."),
        ("words", Outcome.FAILED, "no number"),
        ("nothing", Outcome.FAILED, "no number"),
        ("own", Outcome.PASSED, ""),
        ("broken", Outcome.ERROR, "ZeroDivisionError"),
        ("endless", Outcome.TIMEOUT, "stopped after 1 s"),
        ("absent", Outcome.GRADER_ERROR, "no cell elsewhere"),
    ],
)
def test_each_end_of_a_cell_has_its_outcome(judged, name, outcome, said):
    """A number that is reached passes; what is too little, missing, broken or endless says so."""
    verdict = judged[name].verdict
    assert verdict.outcome is outcome
    assert said in verdict.message


def test_without_the_data_set_nothing_is_lost(plan, root):
    """Goals of cells that need it leave the total; advice about them is not given at all."""
    advice = NotebookRules(goals=(goal("reached"), goal("missed", Scope.BEYOND)))
    found = records(
        replace(plan, data=None, assignment=plan.assignment.model_copy(update={"notebooks": advice})),
        root,
        NAME,
    )
    assert {name: each.verdict.outcome for name, each in found.items()} == {"reached": Outcome.NOT_GRADED}


def test_a_notebook_that_is_missing_is_said_to_be(plan, root):
    """The goals of a notebook that was not handed in say that it was not."""
    found = records(plan, root)
    assert {each.verdict.outcome for each in found.values()} == {Outcome.NOT_IMPLEMENTED}
    assert NAME in found["reached"].verdict.message


def test_a_fault_of_the_grader_costs_no_points():
    """Where notebooks could not be run, the goals that count are excused and the others are not mentioned."""
    found = faulted([goal("reached"), goal("missed", Scope.BEYOND)])
    assert [(each.id, each.verdict.outcome.excused) for each in found] == [(f"{PART}:reached", True)]


def test_the_solution_learns_a_hundred_images(repository, cnn, isolation, root, cifar10):
    """With CIFAR-10 the solution's network reaches the assignment's goal."""
    plan = NotebookPlan(cnn, ReleaseSource.of(repository, cnn), isolation, data=cifar10)
    source = (repository.root / "solutions" / NAME).read_bytes()
    found = run_notebooks(staged(root, {NAME: read_notebook(source)}), plan)
    assert [each.verdict.outcome for each in found.records] == [Outcome.PASSED], found.records
