"""`numgrade new` from the outside: what it says, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.commands.new import run_init, run_new


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a repository without any assignment."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "assignments").mkdir()
    return tmp_path


def test_it_makes_a_homework_and_its_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files are listed, the release is there, and what to do next is said."""
    assert run_new(root, "rnn") == 0
    said = capsys.readouterr().out
    assert "assignments/rnn/checks/test_averages.py" in said
    assert "numgrade validate --assignment rnn" in said
    assert (root / "assignments/rnn/starter/homework/averages.py").is_file()
    assert (root / "dist/rnn-0.1.0.zip").is_file()


@pytest.mark.parametrize("name", ["Big", "rnn"])
def test_a_name_that_cannot_be_is_refused_in_a_sentence(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An ill-formed id and one that is taken end with exit code 1, without a traceback."""
    (root / "assignments" / "rnn").mkdir()
    assert run_new(root, name) == 1
    assert name in capsys.readouterr().out
    assert not (root / "dist").exists()


def test_one_place_for_the_answers_is_enough(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two are refused before anything is written."""
    assert run_new(root, "rnn", notebook=True, flat=True) == 1
    assert "say one of --notebook, --flat and --package" in capsys.readouterr().out
    assert not (root / "assignments" / "rnn").exists()


def test_a_course_is_made_in_a_folder_that_can_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its files are listed with what to do next; below a file there can be none."""
    assert run_init(tmp_path / "my course") == 0
    said = capsys.readouterr().out
    assert "pyproject.toml" in said
    assert f"Next: cd '{tmp_path}" in " ".join(said.split())
    (tmp_path / "file").touch()
    assert run_init(tmp_path / "file" / "course") == 1
    assert "no course can be made in" in capsys.readouterr().out
