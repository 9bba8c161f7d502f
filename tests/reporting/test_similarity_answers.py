"""Answers are read from a class of real files, whatever some of them are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.intake import find_submissions, packages_of
from grader.reporting.similarity import compare_class
from grader.reporting.similarity_answers import gather_answers

ODD = {
    "cut-short": "def conv_forward_naive(:\n",
    "deep": "def conv_forward_naive(x, w, b, p):\n    return x + " + "-" * 3000 + "x\n",
    "half-a-pair": "def conv_forward_naive(x, w, b, p):\n    return x + len('\\ud800')\n",
    "nested-text": "def conv_forward_naive(x, w, b, p):\n    return f'{x!r:{chr(10)}>10}' + f\"{'{'}\"\n",
}


@pytest.fixture
def folder(repository, cnn, tmp_path: Path) -> Path:
    """Return a folder with the solution handed in by ada."""
    shutil.copytree(repository.solution(cnn) / "nndl", tmp_path / "ada" / "nndl")
    return tmp_path


@pytest.fixture
def gather(repository, cnn, folder: Path):
    """Return a function that gathers the answers of the folder."""
    return lambda: gather_answers(find_submissions(folder, packages_of(cnn)), cnn, repository, lambda _: None)


def test_every_answer_is_read_and_the_variants_are_the_baseline(gather, cnn) -> None:
    """The solution has all answers, and each of them some that were written without it."""
    gathered = gather()
    assert {(each.owner, each.symbol) for each in gathered.answers} == {("ada", each) for each in cnn.symbols}
    baseline = {each.symbol for each in gathered.independent}
    assert baseline == set(cnn.symbols)
    assert gathered.unreadable == ()


def test_what_python_cannot_read_or_write_costs_nobody_else(gather, folder: Path) -> None:
    """The others are compared all the same, and where an answer could not be read it is said."""
    for name, text in ODD.items():
        (folder / name).mkdir()
        (folder / name / "conv_layers.py").write_text(text, encoding="utf-8")
    (folder / "fay.zip").write_bytes(b"no archive")
    gathered = gather()
    read = {each.owner for each in gathered.answers}
    assert "ada" in read
    assert {"fay", "cut-short"} <= set(gathered.unreadable)
    assert set(ODD) <= read | set(gathered.unreadable)
    compare_class(gathered.answers, gathered.independent)


def test_stubs_are_no_answers(gather, repository, cnn, folder: Path) -> None:
    """Who handed in what was handed out has written nothing that could be alike."""
    shutil.copytree(repository.starter(cnn) / "nndl", folder / "bob" / "nndl")
    gathered = gather()
    assert {each.owner for each in gathered.answers} == {"ada"}
    assert gathered.unreadable == ()
