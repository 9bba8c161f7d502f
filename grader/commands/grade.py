"""`invoke grade`: find submissions, grade them with progress, write the reports, print the table."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from grader.checking.run import ChecksBroken
from grader.classrun import ExecutorError
from grader.classrun.classwork import Class
from grader.classrun.missing import Graded, grade_missing
from grader.classrun.opening import GradeOptions, opened, place_of
from grader.classrun.preflight import HomeworkBroken, require_fit
from grader.classrun.retraining import DIFFERENT, NOT_REPEATED, REPEATED
from grader.classrun.showing import show_class
from grader.commands.retrain import train_networks, training_of
from grader.commands.terminal import GradeTable, open_console
from grader.course.assignment import AssignmentError
from grader.course.key import CourseKeyError
from grader.gradebook import GradebookError, add_flag, not_flagged, publish, published, with_gradings
from grader.intake import IntakeError
from grader.reporting import ReportError
from grader.results import Flag
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

TRAINED_AGAIN = frozenset({REPEATED, DIFFERENT, NOT_REPEATED})


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
    place = place_of(options)
    with opened(options, console, anonymous=options.anonymous) as taken_in:
        if options.retrain:
            training_of(require_fit(taken_in.plan))
        graded = grade_missing(taken_in, place, console)
        group = graded.group
        if options.retrain:
            _train_again(group, place.jobs, console)
        standings = published(group.book, group.section_id, group.assignment)
        publish(group.book, group.section_id, with_gradings(standings, group.gradings()))
        table = show_class(group.book, group.section_id, group.assignment, options.out, console)
    table.print(console)
    console.print(Text(_what_was_done(graded)))
    return table


def _train_again(group: Class, jobs: int, console: Console) -> None:
    """Train the networks again of all that have a result and were not trained again yet, and keep what comes."""
    gradings = group.gradings()
    candidates = {gradings[sha256]: each for sha256, each in group.wanted.items() if sha256 in gradings}
    names = {candidates[id].id: id for id in not_flagged(group.book, candidates, TRAINED_AGAIN)}

    def keep(name: str, flag: Flag) -> None:
        add_flag(group.book, names[name], flag)

    train_networks([candidates[id] for id in names.values()], group.plan, jobs, console, keep)


def _what_was_done(graded: Graded) -> str:
    """Say how many submissions were as they had been, and how many were graded."""
    wanted = graded.group.wanted
    counted = [each for each in graded.group.entered if each.sha256 in wanted]
    new = sum(each.sha256 in graded.contents for each in counted)
    return f"{len(counted) - new} unchanged, {new} graded"
