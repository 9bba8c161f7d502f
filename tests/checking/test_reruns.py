"""What is right given the student's own functions of the same assignment is carried forward, and nothing else."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.bank.rebuild import with_functions
from grader.checking.reruns import GIVEN, carry_forward
from grader.checking.run import CheckContext, run_checks
from grader.checking.trusted import trusted_student
from grader.course.assignment import Assignment
from grader.reference import reference_of
from grader.results import Outcome
from tests.checking.conftest import module_of

SOLUTION = """
def scale(x):
    return 3 * x

def centre(x):
    scaled = scale(x)
    return scaled - scaled.mean()
"""

CHECKS = """
from grader import assert_matches, part

@part("scale")
def test_scale(student, reference, rng):
    '''It scales.'''
    x = rng.normal(size=5)
    assert_matches(student.scale(x), reference.scale(x))

@part("centre")
def test_centre(student, reference, rng):
    '''It centres.'''
    x = rng.normal(size=5)
    assert_matches(student.centre(x), reference.centre(x))
"""

WRONG_SCALE = SOLUTION.replace("3 * x", "2 * x")

Judge = Callable[..., dict[str, tuple[Outcome, str]]]


@pytest.fixture
def judged(assignment: Assignment, tmp_path: Path) -> Judge:
    """Return a function that judges a submission, and carries forward."""
    (tmp_path / "answers.py").write_text(SOLUTION, encoding="utf-8")
    (assignment.folder / "checks" / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("answers", tmp_path / "answers.py")
    assert spec
    assert spec.loader
    solution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(solution)

    def follow(functions: Mapping[str, Callable[..., object]]) -> SimpleNamespace:
        return reference_of(with_functions(functions, {"answers": solution}).values())

    def judge(source: str, counts: str = "score") -> dict[str, tuple[Outcome, str]]:
        parts: list[dict[str, Any]] = [
            {"id": "scale", "points": 1},
            {"id": "centre", "points": 1, "builds_on": ["scale"]},
        ]
        described = assignment.model_dump(exclude={"parts"}) | {"parts": parts, "carried_forward": counts}
        module = module_of(source)
        student = trusted_student({"scale": module, "centre": module})
        reference = reference_of([solution])
        context = CheckContext(Assignment.model_validate(described), student, reference, b"seed")
        records = carry_forward(run_checks(context), context, pytest.fail, follow)
        return {each.mark.part: (each.verdict.outcome, each.verdict.carried) for each in records}

    return judge


def test_what_is_right_given_the_student_s_own_function_is_carried(judged: Judge) -> None:
    """The assignment says whether it earns its points or is only told; the earlier fault keeps its cost."""
    note = GIVEN.format(functions="scale")
    failed = (Outcome.FAILED, "")
    assert judged(WRONG_SCALE) == {"scale": failed, "centre": (Outcome.PASSED, note)}
    assert judged(WRONG_SCALE, "report") == {"scale": failed, "centre": (Outcome.FAILED, note)}


@pytest.mark.parametrize(
    "source",
    [
        WRONG_SCALE.replace(".mean()", ".max()"),
        SOLUTION.replace(".mean()", ".max()"),
        SOLUTION.replace("3 * x", "0 * x").replace("scaled - scaled.mean()", "0 * x"),
        SOLUTION.replace("3 * x", "x * float('nan')"),
        SOLUTION.replace("return 3 * x", "pass").replace("= scale(x)", "= 2 * x"),
        "def scale(x):\n    return 2 * x\ndef centre(x):\n    return 3 * x\n",
    ],
    ids=["wrong as well", "nothing to carry", "zeros", "not a number", "not written", "not called"],
)
def test_nothing_else_is(judged: Judge, source: str) -> None:
    """Given zeros, or nothing, anything may be right."""
    assert judged(source)["centre"] in {(Outcome.FAILED, ""), (Outcome.ERROR, "")}


def test_what_a_part_builds_on_is_a_function_of_another_part(assignment: Assignment) -> None:
    """A name that no part judges could not be at fault."""
    for names, complaint in (
        (["scale"], "scale, which it judges itself"),
        (["shift"], "shift, which no part"),
    ):
        parts = [{"id": "scale", "points": 1, "builds_on": names}]
        with pytest.raises(ValueError, match=f"part scale builds on {complaint}"):
            Assignment.model_validate(assignment.model_dump(exclude={"parts"}) | {"parts": parts})
