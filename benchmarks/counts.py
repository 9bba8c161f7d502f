"""What grading one submission takes that can be counted: statements, commits, and functions up to the first check.

A claim that is held is renewed every few seconds; statements of that kind depend on the machine and are not counted.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event

import grader
from grader.bank.samples import solution_modules
from grader.checking.student import Student
from grader.classrun.local import LocalPool
from grader.classrun.open import prepare
from grader.classrun.options import GradeOptions
from grader.classrun.run import grade_class
from grader.classrun.work import Work, grade_work, run_work
from grader.course.repository import Course
from grader.course.version import verdict_version
from grader.gradebook import FILE, claims, open_gradebook
from grader.intake import Candidate, Reader, decode_submission
from grader.progress import unwatched
from grader.results import SubmissionReport

ASSIGNMENT, PART = "cnn", "conv_backward_naive.db"

_ENGINE = str(Path(grader.__file__).parent)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one new submission, graded alone with a gradebook that is there.

    Attributes
    ----------
    statements, commits
        What the gradebook's database is asked, ``BEGIN`` included, and how often it must be on the disk.
    frames
        Functions of the engine between the entry of the grading process and an author's check.
    """

    statements: int
    commits: int
    frames: int


@dataclass
class Asked:
    """What a database was asked."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def asked() -> Iterator[Asked]:
    """Note the statements, ``BEGIN`` included, and the commits of all that happens in the block."""
    found = Asked()

    def executed(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.statements.append(statement)

    def committed(_connection: object) -> None:
        found.commits += 1

    seconds, claims.RENEWAL_SECONDS = claims.RENEWAL_SECONDS, 3600.0
    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
        event.remove(Engine, "commit", committed)
        claims.RENEWAL_SECONDS = seconds


def steps_to_a_check(work: Work) -> list[str]:
    """Return the engine's functions through which a grading process comes to the first check of `work`."""
    pool = LocalPool(1, grade_and_tell_the_steps)
    try:
        (done,) = run_work([work], pool)
    finally:
        pool.close()
    return done.report.error.split(" > ")


def grade_and_tell_the_steps(work: Work) -> SubmissionReport:
    """Grade in the present process; the report's error is how the first check was reached."""
    steps: list[str] = []
    original = Student.__getattr__
    checks = f"{os.sep}{ASSIGNMENT}{os.sep}checks{os.sep}"

    def asking(student: Student, name: str) -> object:
        if not steps:
            frames = traceback.extract_stack(sys._getframe(1))
            check = next(number for number, each in enumerate(frames) if checks in each.filename)
            steps.extend(each.name for each in frames[:check] if each.filename.startswith(_ENGINE))
        return original(student, name)

    Student.__getattr__ = asking  # type: ignore[method-assign,assignment]
    try:
        report = grade_work(work)
    finally:
        Student.__getattr__ = original  # type: ignore[method-assign]
    return SubmissionReport(report.id, report.sha256, 0.0, 0.0, "", 0.0, error=" > ".join(steps))


def run(root: Path) -> Counts:
    """Grade the solution, for one quick part, and count."""
    course = Course(root)
    assignment = course.load(ASSIGNMENT)
    with TemporaryDirectory() as folder:
        for path, content in solution_modules(course, assignment).items():
            target = Path(folder) / "in" / "ada" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        options = GradeOptions(
            root, ASSIGNMENT, Path(folder) / "in", Path(folder) / "out", "1", PART, isolation="B"
        )
        with open_gradebook(options.out / FILE):
            pass  # the tables are made
        with asked() as found:
            grade_class(options, unwatched, lambda _report: None)
        with Reader.open(root, ASSIGNMENT) as reader:
            frame = reader.read(Candidate("ada", Path(folder) / "in" / "ada"))
    _, plan = prepare(options)
    sha256 = decode_submission(frame, "ada").sha256
    steps = steps_to_a_check(Work(plan, verdict_version(course, assignment), sha256, frame))
    return Counts(len(found.statements), found.commits, len(steps))
