"""Tasks: one declaration for `invoke` in a course and `numgrade` anywhere, wherever the checkout lies."""

from __future__ import annotations

import importlib.util
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from grader import tasks

ROOT = Path(__file__).parents[2]
EVERY_COMMAND = [each for each in vars(tasks).values() if isinstance(each, tasks.Command)]


def test_python_is_found_in_a_folder_with_a_space(monkeypatch: pytest.MonkeyPatch):
    """The interpreter's path goes through a shell, which must take it for one word."""
    monkeypatch.setattr(sys, "executable", "/home/Kurs Zürich/it's here/.venv/bin/python")
    here = _loaded(ROOT / "tasks.py")
    assert shlex.split(f"{here.PYTHON} setup.py") == [sys.executable, "setup.py"]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda each: each.name)
def test_a_manual_tells_every_option_once_and_what_it_is(command: tasks.Command):
    """Every task opens with a sentence, and each of its options with what it is."""
    assert str(command.__doc__).endswith(".")
    assert "\n" not in str(command.__doc__)
    entries = [entry for group in tasks.Group for entry in command.manual(group)]
    assert len(entries) == len(command.options) == len({written for written, _ in entries})
    assert all(words for _, words in entries)


def test_the_same_words_mean_the_same_option():
    """Two declarations share a name only where a task means another thing by it, and then they say so."""
    groups = [each if isinstance(each, tuple) else (each,) for each in vars(tasks).values()]
    declared = {each for group in groups for each in group if isinstance(each, tasks.Option)}
    assert len({(each.name, each.help) for each in declared}) == len(declared)
    assert {option for command in EVERY_COMMAND for option in command.options} == declared


def test_what_is_needed_every_day_comes_first():
    """The manual of `grade` begins with submissions and ends with clusters and databases."""
    words = _numgrade("--help", "grade", folder=ROOT).stdout
    places = [
        words.index(each)
        for each in ("--submissions", "--out", "Seldom needed", "Cluster and database", "--cluster")
    ]
    assert places == sorted(places)


def test_numgrade_knows_what_invoke_knows_in_a_course():
    """A course's own tasks are there too, whichever program is asked."""
    invoke = subprocess.run(
        [sys.executable, "-m", "invoke", "--list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (
        _names(_numgrade("--list", folder=ROOT / "docs").stdout) == _names(invoke.stdout) >= {"grade", "lint"}
    )


def test_outside_of_a_course_a_task_says_so(tmp_path: Path):
    """One sentence and no traceback."""
    done = _numgrade("doctor", folder=tmp_path)
    assert done.returncode == tasks.NOTHING_DONE
    assert "is not inside" in done.stderr and "Traceback" not in done.stderr


def test_tasks_follow_one_another():
    """A task that went well does not end the program."""
    ran = []

    def first(_root: Path) -> int:
        """Do something."""
        ran.append("first")
        return 0

    tasks.Command(first, (), anywhere=True)(tasks.Context())
    assert ran == ["first"]


def test_another_package_called_grader_is_named(tmp_path: Path):
    """Who has a folder grader/ of their own reads where it is, and no ImportError."""
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "__init__.py").write_text("")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import numgrade"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Another package called grader") and str(tmp_path) in done.stderr


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("tasks_elsewhere", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _numgrade(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "grader", *words], cwd=folder, capture_output=True, text=True, check=False
    )


def _names(listing: str) -> set[str]:
    return {line.split()[0] for line in listing.splitlines() if line.startswith("  ") and line[2] != " "}
