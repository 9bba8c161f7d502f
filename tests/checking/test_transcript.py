"""What a check asked of a submission is written as a program that asks the same, without the grader."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.checking.run import run_checks
from grader.checking.student import Student
from grader.checking.transcript import Transcript
from grader.checking.trusted import LocalWorker
from grader.results import Outcome

from .conftest import module_of

CHECKS = '''
import numpy as np
from grader.checking import assert_matches, part

@part("halve.dx")
def test_halve(student, rng):
    """Half of what comes in."""
    x = rng.standard_normal((3, 2))
    out, cache = student.double(np.ones((40, 10)))
    out, cache = student.double(x)
    cache["x"] = np.zeros((3, 2), np.float32)
    got = student.halve(np.array([[np.nan, 1.0]]), cache)
    assert_matches(got, np.ones((3, 2)))
'''
ANSWERS = """
import numpy as np

def double(x):
    return 2 * x, {"x": x}

def halve(dout, cache):
    print("saw", repr(dout.tolist()), cache["x"].dtype, cache["x"].shape)
    raise IndexError("as before")
"""


def test_the_program_makes_the_same_calls_and_fails_alike(context_for, tmp_path: Path) -> None:
    """Arrays keep values, shapes and dtypes, what stayed in the box is passed on, and the last call raises again."""
    context, transcript = context_for(ANSWERS, CHECKS), Transcript()
    module = module_of(ANSWERS)
    start = transcript.following(lambda _root: LocalWorker({"answers": module}))
    student = Student(start, dict.fromkeys(("double", "halve"), "answers"))
    (record,) = run_checks(replace(context, student=student), lambda _mark, id: id.startswith("halve"))
    assert record.verdict.outcome is Outcome.ERROR
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "answers.py").write_text(ANSWERS, encoding="utf-8")
    program = tmp_path / "replay.py"
    program.write_text(transcript.program('What """it""" \\ asked'), encoding="utf-8")
    ran = subprocess.run(  # noqa: S603  # what the test wrote
        [sys.executable, program], capture_output=True, text=True, check=False, timeout=60
    )
    assert "saw [[nan, 1.0]] float32 (3, 2)" in ran.stdout
    assert "IndexError: as before" in ran.stderr
    assert "grader" not in "\n".join(transcript.lines)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(900, dtype=np.int8).reshape(3, 300)[:, ::3],
        np.zeros((0, 2)),
        np.array(["ab", "c"]),
        np.float32(1 / 3),
        {"stride": 1, "w": (np.array([1 + 2j]),), "none": [None, True, float("inf")]},
    ],
    ids=repr,
)
def test_literals_are_what_they_stand_for(value: object) -> None:
    """Whatever a check passes comes out of the program bit for bit."""
    scope: dict[str, object] = {}
    written = Transcript()
    written.tells(f"value = {written.literal(value)}")
    head, _, tail = written.program("x").partition("sys.path.insert")
    exec(head + tail.partition("\n")[2].replace("__file__", "''"), scope)  # noqa: S102  # our own program
    np.testing.assert_equal(scope["value"], value)
    assert np.asarray(scope["value"]).dtype == np.asarray(value).dtype
