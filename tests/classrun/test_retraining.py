"""Training again: what a training cell reaches is compared with what was handed in, and told to staff alone."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from grader.bank.samples import solution_modules
from grader.classrun.retraining import train_again, train_networks
from grader.course.assignment import NotebookRules, Training
from grader.grading import Grader, load_grader
from grader.intake import Candidate, prepare
from grader.notebooks.execute import CellRun, CellState
from grader.notebooks.retrain import DIFFERENT, NOT_REPEATED, REPEATED, compared, measured_on
from grader.plan import GradingPlan
from grader.progress import unwatched
from grader.results import Flag
from grader.sandbox import Isolation, IsolationUnavailable, choose_isolation
from tests.notebooks.build import code, document, written

NAME = "CNN.ipynb"
RULE = Training(
    notebook=NAME,
    cell="train",
    model="best_model",
    images='data["X"]',
    labels='data["y"]',
    seconds=2.0,
)
LOAD = """import os
import numpy as np
from pathlib import Path
data = dict(np.load(Path(os.environ["NUMBERS"]) / "numbers.npz"))
class Net:
    def __init__(self):
        self.params = {"W": np.zeros((3, 3))}
    def loss(self, X):
        return X @ self.params["W"]
"""
STUB = """best_model = None
# ================================================================ #
# YOUR CODE HERE:
#   Train it.
# ================================================================ #
{answer}
# ================================================================ #
# END YOUR CODE HERE
# ================================================================ #
"""
RIGHT, WRONG = np.eye(3), np.roll(np.eye(3), 1, axis=1)
TRAINED = "best_model = Net()\nbest_model.params['W'] = np.eye(3)"


def notebook(answer: str) -> bytes:
    """Return the notebook with an answer to its training cell."""
    return written(
        document(
            code(LOAD, "load", "data"),
            code(STUB.format(answer=answer), "train", "answer", "data", "slow"),
            code("1 / 0", "after", "slow"),
        )
    )


def npz(**arrays: np.ndarray) -> bytes:
    """Return an npz file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


@pytest.fixture(scope="module")
def grader(repository, tmp_path_factory) -> Grader:
    """The assignment with a small training in one notebook, and a data set of three images."""
    try:
        isolation = choose_isolation()
    except IsolationUnavailable as error:
        pytest.skip(str(error))
    data = tmp_path_factory.mktemp("numbers").resolve()
    (data / "numbers.npz").write_bytes(npz(X=np.eye(3), y=np.arange(3)))
    whole = load_grader(GradingPlan(repository.root, "cnn", isolation, "key", data=data))
    rules = NotebookRules(data_variable="NUMBERS", training=RULE)
    release = replace(whole.release, notebooks={**whole.release.notebooks, NAME: notebook(TRAINED)})
    return replace(
        whole, assignment=whole.assignment.model_copy(update={"notebooks": rules}), release=release
    )


@pytest.fixture
def trained(grader: Grader) -> Callable[..., Flag]:
    """Hand in an answer with weights, and return what training it again says."""

    def hand_in(answer: str | None, weights: np.ndarray | None = RIGHT) -> Flag:
        files = dict(solution_modules(grader.repository, grader.assignment))
        files |= {} if answer is None else {NAME: notebook(answer)}
        files |= {} if weights is None else {"best_model.npz": npz(W=weights)}
        return train_again(grader, prepare("ada", files, grader.assignment, grader.release), RULE)

    return hand_in


@pytest.mark.parametrize(
    ("answer", "weights", "kind", "said"),
    [
        (TRAINED, RIGHT, REPEATED, "gets 100.0% of 3 images right, the one handed in 100.0%."),
        (TRAINED, WRONG, DIFFERENT, "gets 100.0% of 3 images right, the one handed in 0.0%."),
        (TRAINED, None, REPEATED, "no saved weights"),
        ("best_model = 1 / 0", RIGHT, NOT_REPEATED, "ZeroDivisionError"),
        ("while True: pass", RIGHT, NOT_REPEATED, "stopped after 2 s"),
        ("pass", RIGHT, NOT_REPEATED, "no network that can be measured"),
        (None, RIGHT, NOT_REPEATED, "CNN.ipynb is missing"),
    ],
)
def test_staff_are_told_both_accuracies_or_why_there_are_none(trained, answer, weights, kind, said):
    """Both networks see the same images, whose labels are compared outside the box."""
    flag = trained(answer, weights)
    assert flag.kind == kind
    assert said in flag.message


def test_what_cannot_be_read_is_said(grader, tmp_path):
    """A submission without files gives a flag and no exception."""
    (tmp_path / "empty").mkdir()
    kept = {}
    train_networks([Candidate("empty", tmp_path / "empty")], grader, 1, unwatched, kept.__setitem__)
    assert kept["empty"].kind == NOT_REPEATED
    assert "holds no Python file" in kept["empty"].message


def test_networks_are_trained_from_what_the_reader_read(grader, tmp_path):
    """A submission that lies in a folder is read in the child and trained in a thread."""
    files = {**solution_modules(grader.repository, grader.assignment), NAME: notebook(TRAINED)}
    for path, content in files.items():
        (tmp_path / "ada" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ada" / path).write_bytes(content)
    kept = {}
    train_networks([Candidate("ada", tmp_path / "ada")], grader, 1, unwatched, kept.__setitem__)
    assert kept["ada"].kind == REPEATED


def test_a_notebook_without_the_cell_says_so():
    """Where the named cell is not in the notebook, that is what staff read."""
    assert "no such cell" in compared(None, RULE).message
    assert compared(CellRun(CellState.RAN), RULE).kind == NOT_REPEATED


def test_isolation_is_that_of_the_grading(grader):
    """Training again never runs in a weaker box than the checks."""
    assert grader.notebook_plan.isolation is grader.plan.isolation
    assert grader.plan.isolation is not Isolation.NONE


FORGED = """data["X"], data["y"] = np.zeros((2, 3)), np.zeros(2, int)
best_model = Net()"""


def test_the_graders_own_images_are_not_the_notebooks_to_change(grader, monkeypatch):
    """A cell that makes its own images and labels easy is measured on those that the grader reads by itself."""
    reading = ModuleType("reading_numbers")
    reading.load = lambda folder: dict(np.load(folder / "numbers.npz"))
    monkeypatch.setitem(sys.modules, reading.__name__, reading)
    files = {**solution_modules(grader.repository, grader.assignment), NAME: notebook(FORGED)}
    files["best_model.npz"] = npz(W=WRONG)
    submission = prepare("ada", files, grader.assignment, grader.release)
    assert (
        "gets 100.0% of 2 images right, the one handed in 100.0%"
        in train_again(grader, submission, RULE).message
    )
    own = RULE.model_copy(update={"data": "reading_numbers:load"})
    assert measured_on(RULE, grader.plan.data) is None
    assert measured_on(own, None) is None
    measured = measured_on(own, grader.plan.data)
    flag = train_again(grader, submission, own, measured=measured)
    assert "gets 33.3% of 3 images right, the one handed in 0.0%." in flag.message
    assert flag.kind == DIFFERENT
