"""A small assignment with checks of its own, run against trusted code in this process."""

import types
from pathlib import Path

import pytest

from grader.checking.run import CheckContext
from grader.checking.student import Student
from grader.checking.trusted import LocalWorker
from grader.course.assignment import Assignment

REFERENCE = """
import numpy as np

def double(x):
    return 2 * x, {"x": x}

def halve(dout, cache):
    return dout / 2 + 0 * cache["x"]
"""


def module_of(source: str) -> types.ModuleType:
    """Return a module named `answers` with `source` as its text."""
    module = types.ModuleType("answers")
    exec(compile(source, "answers.py", "exec"), module.__dict__)  # noqa: S102  # the test's own text
    return module


def student_of(source: str) -> Student:
    """Return a student whose functions are defined by `source`."""
    module = module_of(source)
    names = dict.fromkeys(("double", "halve"), "answers")
    return Student(lambda _root: LocalWorker({"answers": module}), names)


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """Two parts, judged by whatever checks a test writes."""
    (tmp_path / "checks").mkdir()
    parts = [
        {"id": "double", "symbol": "double", "points": 6, "title": "Double"},
        {"id": "halve.dx", "symbol": "halve", "points": 4, "title": "Halve"},
    ]
    return Assignment.model_validate(
        {
            "id": "tiny",
            "version": "1",
            "title": "Tiny",
            "release": {"answers": ["answers.py"]},
            "layouts": [],
            "parts": parts,
            "folder": tmp_path,
        }
    )


@pytest.fixture
def context_for(assignment: Assignment):
    """Make the context of a submission with the given text, its checks replaced by the given text."""

    def make(source: str, checks: str) -> CheckContext:
        (assignment.folder / "checks" / "test_tiny.py").write_text(checks, encoding="utf-8")
        reference = types.SimpleNamespace(**vars(module_of(REFERENCE)))
        return CheckContext(assignment, student_of(source), reference, seed=b"seed")

    return make
