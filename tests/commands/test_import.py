"""`numgrade import` from the outside: what it writes, what it says, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classrun.machine import Health, course_findings
from grader.commands.new import run_import
from grader.course.repository import Course
from tests.authoring.foreign import cell, write_notebook


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a course without any assignment."""
    course = tmp_path / "course"
    (course / "assignments").mkdir(parents=True)
    (course / "pyproject.toml").touch()
    return course


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a folder of nbgrader's with an answer, a test, and something that nobody knows."""
    about = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
    answer = {**about, "grade_id": "one", "solution": True, "flavour": "sweet"}
    test = {**about, "grade_id": "one-test", "grade": True, "points": 2}
    folder = tmp_path / "ps1"
    write_notebook(
        folder / "a.ipynb",
        cell("code", "import numpy\nx = 1", nbgrader=answer),
        cell("code", "assert x == 1", nbgrader=test),
    )
    return folder


def test_it_lists_what_it_wrote_and_what_it_could_not_take_over(
    root: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The assignment is there, and what to do next is said."""
    assert run_import(root, "nbgrader", source, "first") == 0
    said = " ".join(capsys.readouterr().out.split())
    for part in ("assignments/first/inside/one-test.py", "1 questions: 1 tests, 0 for people", "'flavour'"):
        assert part in said
    assert "numgrade validate --assignment first" in said
    assert (root / "solutions" / "first" / "a.ipynb").is_file()


def test_what_has_to_be_installed_is_said_first(
    root: Path, source: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs notebooks is an extra: the import, doctor and the course's CI name it."""
    monkeypatch.setattr("grader.classrun.machine.find_spec", lambda _name: None)
    assert run_import(root, "nbgrader", source, "first", rewrite=True) == 0
    assert "First run: python -m pip install 'numgrade[notebooks]'" in " ".join(
        capsys.readouterr().out.split()
    )
    (finding,) = course_findings(Course(root))
    assert (finding.state, finding.subject) == (Health.MISSING, "assignment first")
    assert Course(root).requirements == ("numgrade[notebooks]",)


@pytest.mark.parametrize(
    ("format", "name", "path", "said"),
    [
        ("moodle", "first", "ps1", "nbgrader or otter"),
        ("nbgrader", "First!", "ps1", "cannot name an assignment"),
        ("nbgrader", "first", "missing", "does not exist"),
        ("otter", "first", "ps1", "no question"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_a_sentence(
    root: Path, source: Path, format: str, name: str, path: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, a reason, and nothing written."""
    assert run_import(root, format, source.parent / path, name) == 1
    assert said in " ".join(capsys.readouterr().out.split())
    assert not (root / "solutions").exists()


def test_what_is_there_is_not_overwritten(
    root: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second import under the same name is refused."""
    assert run_import(root, "nbgrader", source, "first") == 0
    assert run_import(root, "nbgrader", source, "first") == 1
    assert "is there already" in " ".join(capsys.readouterr().out.split())
