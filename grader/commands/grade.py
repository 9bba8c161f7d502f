"""`invoke grade`: grade a class, print its table, and say where its pages and scores are."""

from __future__ import annotations

from rich.text import Text

from grader.checking.run import ChecksBroken
from grader.classrun.open import GradeOptions
from grader.classrun.preflight import HomeworkBroken
from grader.classrun.run import grade_class
from grader.classrun.work import ExecutorError
from grader.commands.terminal import GradeTable, open_console, watching
from grader.course.assignment import AssignmentError
from grader.course.repository import Course, CourseKeyError
from grader.gradebook import GradebookError
from grader.intake import IntakeError
from grader.reporting import ReportError
from grader.sandbox import IsolationUnavailable

EVERYONE_GRADED = 0
SOMEONE_WITHOUT_RESULT = 1
NOTHING_DONE = 2
INTERRUPTED = 130

CANNOT_GRADE = (
    AssignmentError,
    ChecksBroken,
    CourseKeyError,
    ExecutorError,
    GradebookError,
    HomeworkBroken,
    IntakeError,
    IsolationUnavailable,
    ReportError,
)
"""What ends a command with one clear message."""


def run_grade(options: GradeOptions) -> int:
    """Grade and report; return the exit code."""
    console = open_console()
    try:
        table = GradeTable(Course(options.root).load(options.assignment))
        with watching(console) as progress:
            counts = grade_class(options, progress, table.add)
    except CANNOT_GRADE as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    except KeyboardInterrupt:
        console.print(Text("Interrupted. What was graded is kept: the same command goes on from here"))
        return INTERRUPTED
    table.print(console)
    console.print(Text(f"{counts.unchanged} unchanged, {counts.graded} graded"))
    console.print(Text(f"Pages: {options.out / 'index.html'}   Scores: {options.out / 'grades.json'}"))
    return SOMEONE_WITHOUT_RESULT if table.failed else EVERYONE_GRADED
