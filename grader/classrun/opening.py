"""Open the class that the options of `grade` and `regrade` name: gradebook, submissions, homework and engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.bank.samples import write_sample_class
from grader.classrun import ExecutorError
from grader.classrun.classwork import Class, gradebook_at, take_in
from grader.classrun.cluster import CLUSTERS
from grader.classrun.missing import Place
from grader.course.assignment import Assignment
from grader.course.extension import Build, build_of
from grader.course.key import course_key
from grader.course.repository import Repository
from grader.course.version import engine_version
from grader.gradebook import Gradebook, open_gradebook, section_of
from grader.grading import GradingPlan
from grader.intake import IntakeError, find_submissions
from grader.intake.arrivals import Arrival, plain_arrivals
from grader.intake.lms import Platform, read_download
from grader.reporting import ReportError, require_writable
from grader.sandbox import choose_isolation
from grader.sandbox.scratch import temporary_folder

DATA_VARIABLE = "CIFAR10_DIR"
SAMPLE_CLASS = "the sample class"


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
    jobs
        How many at a time; empty for one per core.
    fresh
        Grade anew what has a result.
    anonymous
        Show ids that do not tell who the students are.
    """

    root: Path
    assignment: str
    submissions: Path | None
    out: Path
    jobs: str
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


@contextmanager
def opened(
    options: GradeOptions, console: Console, *, anonymous: bool | None = None, drop: bool = True
) -> Iterator[Class]:
    """Yield the class, taken in; the gradebook is open for as long as the block runs.

    Parameters
    ----------
    anonymous, drop
        As `take_in` takes them.
    """
    assignment, plan = prepare(options)
    _require_apart(options)
    with arrivals_of(options, assignment, console) as arrivals, _gradebook(options) as book:
        repository = Repository(options.root)
        _say_how_fast(repository, assignment, console)
        yield take_in(
            book,
            section_of(book, assignment.id, source_of(options)),
            arrivals,
            assignment,
            plan,
            engine_version(repository, assignment),
            console,
            fresh=options.fresh,
            anonymous=anonymous,
            drop=drop,
        )


def place_of(options: GradeOptions) -> Place:
    """Return where the options have submissions graded.

    Raises
    ------
    ExecutorError
        There is no such place.
    """
    if options.scheduler and options.cluster:
        raise ExecutorError(
            "give --scheduler for workers that run already, or --cluster to start some, not both"
        )
    if options.cluster and options.cluster not in CLUSTERS:
        raise ExecutorError(f"there is no cluster {options.cluster!r}; there are {' and '.join(CLUSTERS)}")
    return Place(_number_of_jobs(options.jobs), options.scheduler, options.cluster)


def _require_apart(options: GradeOptions) -> None:
    if options.submissions and options.out.resolve().is_relative_to(options.submissions.resolve()):
        raise ReportError(
            f"--out {options.out} lies among the submissions, where it would be taken for one; choose another folder"
        )


@contextmanager
def _gradebook(options: GradeOptions) -> Iterator[Gradebook]:
    require_writable(options.out)
    with open_gradebook(gradebook_at(options.gradebook, options.out)) as book:
        yield book


def _number_of_jobs(asked: str) -> int:
    if not asked:
        return os.cpu_count() or 1
    if not asked.isdecimal() or int(asked) < 1:
        raise ExecutorError(f"--jobs is {asked}; give a number of 1 or more")
    return int(asked)


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
    with temporary_folder("class-") as folder:
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


def _say_how_fast(repository: Repository, assignment: Assignment, console: Console) -> None:
    """Tell where the fast layers are not what they should be: students are timed with them."""
    for name in assignment.release.support:
        build = build_of(repository.support(assignment) / name)
        if build in {Build.MISSING, Build.OUTDATED}:
            console.print(Text(f"The fast layers in {name} are {build.value}; run: invoke setup", "yellow"))
