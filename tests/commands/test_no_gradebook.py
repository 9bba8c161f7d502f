"""Commands about a graded class, where nothing was graded: they say so, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.commands.decide import DecideOptions, run_decide
from grader.commands.forget import ForgetOptions, run_forget
from grader.commands.returning import run_return
from grader.commands.terminal import NOTHING_DONE
from grader.course.repository import Course
from grader.reporting.returning.targets import ReturnOptions
from tests.reporting.returning.classes import make_course

COMMANDS: dict[str, Callable[[Path, Path], int]] = {
    "decide": lambda root, out: run_decide(DecideOptions(root=root, out=out)),
    "forget": lambda root, out: run_forget(ForgetOptions(root=root, student="ada", out=out)),
    "return": lambda root, out: run_return(ReturnOptions(root, "folder", at=str(root / "given"), out=out)),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with an assignment that nobody has handed in."""
    return make_course(tmp_path_factory.mktemp("nothing") / "course")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_without_a_class_is_refused_and_not_made(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """A wrong --out gets a sentence that says how to name the right one, and no empty gradebook."""
    assert COMMANDS[command](course.root, tmp_path / "wrong") == NOTHING_DONE
    said = " ".join(capsys.readouterr().out.split())
    assert "there is no gradebook" in said
    assert "--out" in said
    assert not (tmp_path / "wrong").exists()
