"""`invoke grade`: find submissions, grade them with progress, write the reports, print the table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from grader import __version__
from grader.assignment import Assignment, AssignmentError
from grader.authoring.repository import Repository
from grader.checking.run import ChecksBroken
from grader.classroom import grade_class
from grader.commands.retrain import training_of, with_trainings
from grader.coursekey import CourseKeyError, course_key
from grader.grading import GradingPlan, load_grader
from grader.intake import Candidate, IntakeError, find_submissions
from grader.reporting import (
    ReportError,
    open_console,
    print_grades,
    progress,
    write_class,
    write_submission_page,
)
from grader.results import SCHEMA, ClassReport, SubmissionReport
from grader.samples import write_sample_class
from grader.sandbox import IsolationUnavailable, choose_isolation

EVERYONE_GRADED = 0
SOMEONE_WITHOUT_RESULT = 1
NOTHING_DONE = 2

DATA_VARIABLE = "CIFAR10_DIR"


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """What the command line asked for; `submissions` None means the built-in sample class."""

    root: Path
    assignment: str
    submissions: Path | None
    out: Path
    jobs: int
    only: str | None
    isolation: str
    data: Path | None
    notebooks: bool = False
    retrain: bool = False


def run_grade(options: GradeOptions) -> int:
    """Grade and report; return the exit code."""
    console = open_console()
    try:
        report, assignment = grade(options, console)
    except (
        AssignmentError,
        ChecksBroken,
        CourseKeyError,
        IntakeError,
        IsolationUnavailable,
        ReportError,
    ) as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    print_grades(report, assignment, console)
    console.print(Text(f"Pages: {options.out / 'index.html'}   Scores: {options.out / 'grades.json'}"))
    return SOMEONE_WITHOUT_RESULT if any(each.error for each in report.submissions) else EVERYONE_GRADED


def grade(options: GradeOptions, console: Console) -> tuple[ClassReport, Assignment]:
    """Grade every submission that the options name and write the reports, page by page as results come in."""
    assignment = Repository(options.root).load(options.assignment)
    if options.only is not None:
        assignment.require_parts(options.only)
    plan = GradingPlan(
        root=options.root,
        assignment_id=options.assignment,
        isolation=choose_isolation(options.isolation),
        course_key=course_key(options.root),
        only=options.only,
        data=data_folder(options.data),
        notebooks=options.notebooks,
    )
    with _submissions(options, assignment) as candidates:
        if options.retrain:
            training_of(load_grader(plan))
        reports = _grade_and_write(candidates, plan, assignment, options, console)
        if options.retrain:
            reports = with_trainings(reports, candidates, plan, options.jobs, console)
            for each in reports:
                write_submission_page(each, assignment, options.out)
    report = ClassReport(SCHEMA, assignment.id, assignment.version, __version__, reports)
    write_class(report, assignment, options.out)
    return report, assignment


def data_folder(asked: Path | None) -> Path | None:
    """Return the data set's folder: the one asked for, or the one the environment names, if it is there."""
    named = os.environ.get(DATA_VARIABLE)
    folder = asked or (Path(named) if named else None)
    if asked is not None and not asked.is_dir():
        raise IntakeError(
            f"there is no data set at {asked}; name the folder that holds data_batch_1 to test_batch"
        )
    return folder.resolve() if folder is not None and folder.is_dir() else None


@contextmanager
def _submissions(options: GradeOptions, assignment: Assignment) -> Iterator[tuple[Candidate, ...]]:
    if options.submissions is not None:
        yield find_submissions(options.submissions)
        return
    with TemporaryDirectory(prefix="sample-class-") as folder:
        write_sample_class(Repository(options.root), assignment, Path(folder))
        yield find_submissions(Path(folder))


def _grade_and_write(
    candidates: tuple[Candidate, ...],
    plan: GradingPlan,
    assignment: Assignment,
    options: GradeOptions,
    console: Console,
) -> tuple[SubmissionReport, ...]:
    reports: list[SubmissionReport] = []
    with progress(console, len(candidates), "Grading") as step:
        for report in grade_class(candidates, plan, min(options.jobs, len(candidates))):
            write_submission_page(report, assignment, options.out)
            reports.append(report)
            step(report.id)
    return tuple(sorted(reports, key=lambda each: each.id))
