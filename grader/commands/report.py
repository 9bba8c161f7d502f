"""`invoke report`: write what a class learned as a static site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.bank.entries import BankError
from grader.commands.terminal import open_console, progress
from grader.course.assignment import Assignment, AssignmentError
from grader.course.repository import Course
from grader.intake import IntakeError, find_submissions, packages_of, platform_named, read_download
from grader.intake.arrivals import Arrival, Student
from grader.intake.lms.pieces import Download
from grader.reporting import ReportError, ReportPaths, load
from grader.reporting.class_report import ClassReportOptions, write_class_report
from grader.reporting.similarity import compare_class
from grader.reporting.similarity_answers import gather_answers
from grader.results import ClassReport
from grader.sandbox import BoxFailed
from grader.sandbox.scratch import temporary_folder

WRITTEN = 0
NOTHING_DONE = 2


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the command line asked for.

    Attributes
    ----------
    submissions
        The folder that was graded; without it nothing is said about similar answers and times of handing in.
    """

    root: Path
    grades: Path
    out: Path
    submissions: Path | None = None
    platform: str | None = None


def run_report(options: ReportOptions) -> int:
    """Write the site and say where; return the exit code."""
    console = open_console()
    try:
        index, notes = _report(options, console)
    except (AssignmentError, BankError, BoxFailed, IntakeError, ReportError) as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    for note in notes:
        console.print(Text(f"- {note}"))
    console.print(Text(f"Report: {index}"))
    return WRITTEN


def _report(options: ReportOptions, console: Console) -> tuple[Path, tuple[str, ...]]:
    repository = Course(options.root)
    is_folder = options.grades.is_dir()
    report = load(ReportPaths(options.grades).json if is_folder else options.grades)
    assignment = repository.load(report.assignment)
    site = ClassReportOptions(options.out, options.grades if is_folder else options.grades.parent)
    if options.submissions is None:
        note = "without --submissions nothing is said about answers that are alike"
        return write_class_report(report, assignment, site), (note,)
    with temporary_folder("gathered-") as workspace:
        download = read_download(
            options.submissions,
            platform_named(options.platform),
            workspace=Path(workspace),
            packages=packages_of(assignment),
        )
        site = _with_submissions(site, report, assignment, repository, download, options, console)
    return write_class_report(report, assignment, site), download.notes


def _with_submissions(
    site: ClassReportOptions,
    report: ClassReport,
    assignment: Assignment,
    repository: Course,
    download: Download,
    options: ReportOptions,
    console: Console,
) -> ClassReportOptions:
    """Add what the submissions themselves say: similar answers, and times of handing in."""
    graded = {each.id for each in report.submissions}
    arrivals = {each.candidate.id: each for each in download.arrivals if each.candidate.id in graded}
    if not arrivals and options.submissions is not None:  # graded as a plain folder, under its files' names
        of_path = {each.candidate.path: each for each in download.arrivals}
        plain = [
            each
            for each in find_submissions(options.submissions, packages_of(assignment))
            if each.id in graded
        ]
        arrivals = {
            each.id: replace(of_path.get(each.path, Arrival(each, Student(each.id))), candidate=each)
            for each in plain
        }
    if not arrivals:
        raise IntakeError(
            f"nothing in {options.submissions} was graded in {options.grades}; name the folder that was graded"
        )
    candidates = [arrivals[id_].candidate for id_ in sorted(arrivals)]
    with progress(console, len(candidates), "Reading") as step:
        gathered = gather_answers(candidates, assignment, repository, step)
    similarity = compare_class(gathered.answers, gathered.independent)
    return replace(
        site,
        arrivals=arrivals,
        similarity=similarity,
        answers={(each.owner, each.symbol): each for each in gathered.answers},
        unreadable=gathered.unreadable,
    )
