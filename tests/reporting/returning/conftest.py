"""A course with three students who were graded, and the command that gives them what they got."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.commands.returning import run_return
from grader.course.repository import Course
from grader.intake.arrivals import Person
from grader.reporting.returning import ReturnOptions

from .canvas_server import TOKEN, FakeCanvas, running
from .classes import grade_class, make_course

ADA = Person("ada-11", "adalovelace", lms_id="11")
BLAISE = Person("blaise-12", "blaisepascal", "blaise@example.edu", lms_id="12")
CARL = Person("carl-13", "carlgauss", "carl@example.edu", lms_id="13")
NAMES = {11: "Ada Lovelace", 12: "Blaise Pascal", 13: "Carl Gauß"}


@pytest.fixture(scope="session")
def authored(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with the assignment hw1."""
    return make_course(tmp_path_factory.mktemp("courses") / "course")


@pytest.fixture
def course(authored: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """Return it without people, and a token in the environment."""
    monkeypatch.setenv("CANVAS_TOKEN", TOKEN)
    yield authored
    (authored.root / "people.csv").unlink(missing_ok=True)


@pytest.fixture
def out(course: Course, tmp_path: Path) -> Path:
    """Return the folder that shows the class of three."""
    grade_class(course, tmp_path / "grades", [(ADA, 10.0), (BLAISE, 2.0), (CARL, 7.5)])
    return tmp_path / "grades"


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    """Return a Canvas that serves."""
    with running(FakeCanvas(dict(NAMES))) as served:
        yield served


@pytest.fixture
def give(course: Course, out: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return what returns the class, and gives the exit code and what was printed."""

    def given(to: str = "canvas", *, send: bool = True, **asked: object) -> tuple[int, str]:
        options = {"assignment": "hw1", "out": out, **asked}
        code = run_return(ReturnOptions(course.root, to, send=send, **options))
        return code, capsys.readouterr().out

    return given
