"""A thousand students on Canvas, and a run that is killed twice: each is graded and commented exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.intake.arrivals import Person
from grader.reporting.files import page_name
from tests.reporting.returning.canvas_server import TOKEN, FakeCanvas, running
from tests.reporting.returning.classes import SECRET, grade_class, make_course

STUDENTS = 1_000
FIRST, SECOND = 250, 550
PROGRAM = """
import sys
from pathlib import Path
from grader.commands.returning import run_return
from grader.reporting.returning import ReturnOptions
root, out, at = sys.argv[1:]
sys.exit(run_return(ReturnOptions(root=Path(root), to="canvas", at=at, out=Path(out), send=True)))
"""
NAMED = 20
"""Students whom people.csv names, and the download does not."""


def person(number: int) -> Person:
    """Return a student as a download tells of them."""
    letters = "".join("abcdefghij"[int(digit)] for digit in f"{number:03d}")
    own = f"student-{number:04d}"
    return Person(own) if number < NAMED else Person(own, f"Student {letters}", lms_id=str(100_000 + number))


def test_a_run_killed_twice_gives_each_student_one_grade_and_one_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once behind a grade that Canvas took and nobody confirmed, once before one; the third run does the rest."""
    monkeypatch.setenv("CANVAS_TOKEN", TOKEN)
    course, out = make_course(tmp_path / "course"), tmp_path / "grades"
    rows = [f"student-{n:04d},Somebody,{100_000 + n}" for n in range(NAMED)]
    (course.root / "people.csv").write_text("\n".join(("id,name,canvas", *rows)) + "\n", encoding="utf-8")
    grade_class(course, out, [(person(n), n % 11) for n in range(STUDENTS)])
    names = {100_000 + n: person(n).name or "Called otherwise" for n in range(STUDENTS - 1)}
    names[100_000 + STUDENTS - 2] = "A Stranger"
    canvas = FakeCanvas(names, excused={100_000 + STUDENTS - 3}, throttle=401)
    with running(canvas):
        arguments = [sys.executable, "-c", PROGRAM, str(course.root), str(out), canvas.at]

        def started() -> subprocess.Popen[str]:
            return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=course.root)  # noqa: S603

        for moment, killed_at in (("after", FIRST), ("before", SECOND)):
            run = started()

            def kill(count: int, run: subprocess.Popen[str] = run, at: int = killed_at) -> None:
                if count == at:
                    os.kill(run.pid, signal.SIGKILL)
                    if at == SECOND:
                        raise ConnectionAbortedError("what it asked for came to nothing")

            setattr(canvas, moment, kill)
            run.communicate()
            assert run.returncode == -signal.SIGKILL
            setattr(canvas, moment, lambda _count: None)
        last = started()
        said = last.communicate()[0]
    served = set(names) - {100_000 + STUDENTS - 2, 100_000 + STUDENTS - 3}
    assert {user: len(each) for user, each in canvas.grades.items()} == dict.fromkeys(served, 1), said
    assert {user: len(each) for user, each in canvas.comments.items()} == dict.fromkeys(served, 1)
    assert all(float(canvas.grades[user][0]) == (user - 100_000) % 11 for user in served)
    assert canvas.turned_away >= 5
    assert len([each for each in canvas.requests if "page=10&" in each]) == 3
    assert last.returncode == 1
    for words in ("is excused on Canvas", "is A Stranger on Canvas", "is no student of this assignment"):
        assert words in said
    assert TOKEN not in said
    for user, told, content in canvas.files.values():
        own = page_name(f"student-{user - 100_000:04d}")
        assert content == (out / "students" / own).read_bytes(), told
        assert SECRET.encode() not in content
