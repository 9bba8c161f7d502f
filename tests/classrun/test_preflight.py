"""An assignment that does not load is told before anybody is graded with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.commands.new import run_new

PROGRAM = """
import sys
from pathlib import Path
from grader.classrun.preflight import AssignmentBroken, load_or_explain
from grader.plan import GradingPlan
from grader.sandbox import Isolation
try:
    load_or_explain(GradingPlan(Path(sys.argv[1]), "toy", Isolation.NONE, "key"))
except AssignmentBroken as error:
    print(error)
"""
"""Of its own, since a process keeps the modules of the assignment that it has loaded."""


@pytest.fixture
def assignment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the folder of a new assignment in a repository of its own."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "assignments").mkdir()
    assert run_new(tmp_path, "toy") == 0
    capsys.readouterr()
    return tmp_path / "assignments" / "toy"


def told(assignment: Path) -> str:
    """Return what is said of an assignment, nothing when it is fit."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, str(assignment.parent.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_new_assignment_is_fit(assignment: Path) -> None:
    """Nothing is said."""
    assert told(assignment) == ""


@pytest.mark.parametrize(
    ("path", "before", "after", "words"),
    [
        (
            "checks/test_averages.py",
            "import",
            "import no_such_module\nimport",
            ["no_such_module", "test_averages"],
        ),
        ("checks/test_averages.py", '@part("moving_average"', '@part("no_part"', ["'no_part'"]),
        (
            "solution/homework/averages.py",
            "def moving",
            "def (\ndef moving",
            ["averages.py does not parse (line 6)"],
        ),
        (
            "solution/homework/averages.py",
            "def moving",
            "1 / 0\ndef moving",
            ["averages.py, line", "ZeroDivisionError"],
        ),
        (
            "mistakes/moving_average.py",
            '"moving_average"',
            '"no_part"',
            ["moving_average.py:9: sums_for_averages must name the parts"],
        ),
    ],
    ids=["import of a check", "part of a check", "syntax", "error", "mistake"],
)
def test_what_is_broken_is_named(
    assignment: Path, path: str, before: str, after: str, words: list[str]
) -> None:
    """The message names the assignment, the file and the fault."""
    text = (assignment / path).read_text(encoding="utf-8")
    assert before in text
    (assignment / path).write_text(text.replace(before, after, 1), encoding="utf-8")
    said = told(assignment)
    assert not [each for each in [*words, "assignment toy is broken"] if each not in said]
