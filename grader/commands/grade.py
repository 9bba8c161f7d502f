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

from grader.assignment import Assignment, AssignmentError
from grader.authoring.repository import Repository
from grader.checking.run import ChecksBroken
from grader.commands.classwork import Class, Place, grade_missing, gradebook_at, take_in
from grader.commands.retrain import train_networks, training_of
from grader.commands.showing import show_class
from grader.coursekey import CourseKeyError, course_key
from grader.engine import engine_version
from grader.executors import ExecutorError
from grader.gradebook import (
    GradebookError,
    add_flag,
    not_flagged,
    open_gradebook,
    publish,
    published,
    section_of,
    with_gradings,
)
from grader.grading import GradingPlan, load_grader
from grader.intake import IntakeError, find_submissions
from grader.intake.lms import Platform, read_download
from grader.reporting import GradeTable, ReportError, open_console, require_writable
from grader.results import Flag
from grader.retraining import DIFFERENT, NOT_REPEATED, REPEATED
from grader.roster import Arrival, plain_arrivals
from grader.samples import write_sample_class
from grader.sandbox import IsolationUnavailable, choose_isolation

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
    IntakeError,
    IsolationUnavailable,
    ReportError,
)
"""What ends a command with one clear message."""

DATA_VARIABLE = "CIFAR10_DIR"
SAMPLE_CLASS = "the sample class"
TRAINED_AGAIN = frozenset({REPEATED, DIFFERENT, NOT_REPEATED})


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """What the command line asked for.

    Attributes
    ----------
    submissions
        None means the built-in sample class.
    platform
        Whose download it is; empty to recognise it.
    gradebook
        Path or URL; empty for a file beside the reports.
    scheduler, cluster
        Where to grade instead of on this machine.
    fresh
        Grade anew what has a result.
    anonymous
        Show ids that do not tell who the students are.
    """

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
    gradebook: str = ""
    scheduler: str = ""
    cluster: str = ""
    fresh: bool = False
    anonymous: bool = False
    platform: str = ""


def run_grade(options: GradeOptions) -> int:
    """Grade and report; return the exit code."""
    console = open_console()
    try:
        table = grade(options, console)
    except CANNOT_GRADE as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    except KeyboardInterrupt:
        console.print(Text("Interrupted. What was graded is kept: the same command goes on from here"))
        return INTERRUPTED
    console.print(Text(f"Pages: {options.out / 'index.html'}   Scores: {options.out / 'grades.json'}"))
    return SOMEONE_WITHOUT_RESULT if table.failed else EVERYONE_GRADED


def grade(options: GradeOptions, console: Console) -> GradeTable:
    """Grade what is new among the submissions that the options name, publish it, write the reports and print."""
    assignment, plan = prepare(options)
    with (
        open_gradebook(gradebook_at(options.gradebook, options.out)) as book,
        arrivals_of(options, assignment, console) as arrivals,
    ):
        require_writable(options.out)
        section_id = section_of(book, assignment.id, source_of(options))
        engine = engine_version(Repository(options.root), assignment)
        group = take_in(
            book,
            section_id,
            arrivals,
            assignment,
            plan,
            engine,
            console,
            fresh=options.fresh,
            anonymous=options.anonymous,
        )
        if options.retrain:
            training_of(load_grader(plan))
        graded = grade_missing(group, Place(options.jobs, options.scheduler, options.cluster), console)
        if options.retrain:
            _train_again(group, options, console)
        standings = with_gradings(published(book, section_id, assignment), group.gradings())
        publish(book, section_id, standings)
        table = show_class(book, section_id, assignment, options.out, console)
    table.print(console)
    console.print(Text(_what_was_done(group, graded)))
    return table


def prepare(options: GradeOptions) -> tuple[Assignment, GradingPlan]:
    """Return the homework and how it is graded."""
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
    return assignment, plan


def source_of(options: GradeOptions) -> str:
    """Return what the gradebook calls the folder of submissions."""
    return SAMPLE_CLASS if options.submissions is None else str(options.submissions.resolve())


@contextmanager
def arrivals_of(
    options: GradeOptions, assignment: Assignment, console: Console
) -> Iterator[tuple[Arrival, ...]]:
    """Yield who handed in what, from a plain folder or a learning platform's download."""
    with TemporaryDirectory(prefix="class-") as folder:
        if options.submissions is None:
            write_sample_class(Repository(options.root), assignment, Path(folder))
            yield plain_arrivals(find_submissions(Path(folder)))
            return
        download = read_download(
            options.submissions, Platform.asked(options.platform), workspace=Path(folder)
        )
        for note in download.notes:
            console.print(Text(f"- {note}"))
        yield download.arrivals


def data_folder(asked: Path | None) -> Path | None:
    """Return the data set's folder: the one asked for, or the one the environment names, if it is there."""
    named = os.environ.get(DATA_VARIABLE)
    folder = asked or (Path(named) if named else None)
    if asked is not None and not asked.is_dir():
        raise IntakeError(
            f"there is no data set at {asked}; name the folder that holds data_batch_1 to test_batch"
        )
    return folder.resolve() if folder is not None and folder.is_dir() else None


def _train_again(group: Class, options: GradeOptions, console: Console) -> None:
    """Train the networks again of all that have a result and were not trained again yet, and keep what comes."""
    gradings = group.gradings()
    candidates = {gradings[sha256]: each for sha256, each in group.wanted.items() if sha256 in gradings}
    names = {candidates[id].id: id for id in not_flagged(group.book, candidates, TRAINED_AGAIN)}

    def keep(name: str, flag: Flag) -> None:
        add_flag(group.book, names[name], flag)

    train_networks([candidates[id] for id in names.values()], group.plan, options.jobs, console, keep)


def _what_was_done(group: Class, graded: frozenset[str]) -> str:
    """Say how many submissions were as they had been, and how many were graded."""
    counted = [each for each in group.entered if each.sha256 in group.wanted]
    new = sum(each.sha256 in graded for each in counted)
    return f"{len(counted) - new} unchanged, {new} graded"
