"""How far it is from a grading process's entry to an author's check: few enough steps to be read in one sitting."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import grader
from grader.checking.student import Student
from grader.classrun.executor import run_work
from grader.classrun.local import LocalPool
from grader.classrun.work import Work, grade_work
from grader.results import SubmissionReport

ENGINE = str(Path(grader.__file__).parent)
CHECKS = "/assignments/cnn/checks/"
MOST = 9


def grade_and_tell_the_stack(work: Work) -> SubmissionReport:
    """Grade, and report by what functions of the engine the first check was reached."""
    stack: list[str] = []
    original = Student.__getattr__

    def asked(student: Student, name: str) -> object:
        if not stack:
            frames = traceback.extract_stack(sys._getframe(1))
            check = next(number for number, each in enumerate(frames) if CHECKS in each.filename)
            stack.extend(each.name for each in frames[:check] if each.filename.startswith(ENGINE))
        return original(student, name)

    Student.__getattr__ = asked
    report = grade_work(work)
    return SubmissionReport(report.id, report.sha256, 0.0, 0.0, "", 0.0, error=" > ".join(stack))


def test_a_check_is_reached_in_few_steps(work: Work) -> None:
    """Nine functions of the engine at most stand between the process that was started and the check."""
    pool = LocalPool(1, grade_and_tell_the_stack)
    try:
        (done,) = run_work([work], pool)
    finally:
        pool.close()
    steps = done.report.error.split(" > ")
    assert steps[0] == "serve"
    assert len(steps) <= MOST, done.report.error
