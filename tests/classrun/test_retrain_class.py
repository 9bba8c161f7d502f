"""`numgrade grade --retrain`: what it refuses, and what it adds to the reports."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from dataclasses import replace

import pytest

from grader.classrun.options import GradeOptions
from grader.classrun.retraining import Watch, train_networks, training_of
from grader.commands.grade import run_grade
from grader.commands.terminal import NOTHING_DONE, training_words
from grader.course.assignment import NotebookRules
from grader.grading import Grader, load_grader
from grader.intake import Candidate, IntakeError
from grader.plan import GradingPlan
from grader.progress import Trainings, TrainingState
from grader.sandbox import Isolation


@pytest.fixture
def plan(repository, tmp_path) -> GradingPlan:
    """A plan with a folder for a data set."""
    return GradingPlan(repository.root, "cnn", Isolation.B, "key", data=tmp_path)


def test_without_a_data_set_nothing_is_begun(repository, tmp_path, monkeypatch, capsys):
    """It is refused before anything is graded, with the option that is missing."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "a.py").write_text("", encoding="utf-8")
    options = GradeOptions(
        repository.root, "cnn", tmp_path / "in", tmp_path / "out", "1", None, "auto", None, retrain=True
    )
    assert run_grade(options) == NOTHING_DONE
    assert "--data" in capsys.readouterr().out


def test_a_homework_without_a_training_is_refused(plan):
    """Where the assignment names no cell, there is nothing to repeat."""
    grader = load_grader(plan)
    without = grader.assignment.model_copy(update={"notebooks": NotebookRules()})
    with pytest.raises(IntakeError, match=r"notebooks\.training"):
        training_of(without, plan)


def _measured_on_the_notebooks_images(grader: Grader) -> Grader:
    """Return the grader with a training that needs no data set of the grader's own."""
    training = grader.assignment.notebooks.training
    assert training is not None
    rules = grader.assignment.notebooks.model_copy(
        update={"training": training.model_copy(update={"data": ""})}
    )
    return replace(grader, assignment=grader.assignment.model_copy(update={"notebooks": rules}))


def test_what_comes_is_kept_at_once(plan, tmp_path):
    """Each candidate's flag is handed over, also that of one on which the grader itself fails."""
    for name in ("ada", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "readme.txt").write_text("no notebook", encoding="utf-8")
    candidates = [
        Candidate("ada", tmp_path / "ada"),
        Candidate("eve", None),
        Candidate("bob", tmp_path / "bob"),
    ]
    kept: dict[str, str] = {}
    told: list[object] = []
    train_networks(
        candidates,
        _measured_on_the_notebooks_images(load_grader(plan)),
        2,
        told.append,
        lambda id, flag: kept.update({id: flag.message}),
    )
    assert sorted(kept) == ["ada", "bob", "eve"]
    assert told[-1] == Trainings(3, 3)
    assert [name for name, message in kept.items() if "The grader failed" in message] == ["eve"]


def test_once_all_is_over_a_training_ends_at_its_next_line():
    """What is printed after the interrupt ends the training that prints it."""
    watch = Watch(5400.0)
    watch.over.set()
    with pytest.raises(CancelledError):
        watch.hear("ada", b"epoch 2/8")


def test_the_bar_tells_the_last_epoch():
    """Whatever else a training prints, the last epoch in it is shown beside the time."""
    watch = Watch(5400.0)
    watch.futures = {"ada": Future(), "bob": Future()}
    watch.began = {"ada": 0.0, "bob": 0.0}
    watch.hear("ada", b"\xff(Epoch 1 / 8) train acc: 0.2\n(Iteration 3 / 9)\nepoch  2/8\n")
    ada, bob = watch.state().under_way
    assert training_words(replace(ada, seconds=90.0)) == "epoch 2 of 8, 1.5 of at most 90 minutes"
    assert training_words(replace(bob, seconds=90.0)) == "1.5 of at most 90 minutes"
    assert training_words(TrainingState("bob", 0.0, 5400.0)) == "0.0 of at most 90 minutes"
