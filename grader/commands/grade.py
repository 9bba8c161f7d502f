"""`numgrade grade` and `numgrade regrade`: grade a class, print its table or who moves, and say where everything is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader import __version__
from grader.classrun.options import GradeOptions
from grader.classrun.unchanged import Counts, kept, may_grade
from grader.commands.terminal import GradeTable, command, open_table, watching
from grader.course.limits import ONE_BLAS_THREAD
from grader.course.people import load_people
from grader.course.repository import Course, load_settings
from grader.course.roles import Act, logged_in, require
from grader.progress import Notice, Progress
from grader.reporting.text import counted, one_line, signed

if TYPE_CHECKING:
    from grader.gradebook.final import Move

EVERYONE_GRADED = 0
SOMEONE_WITHOUT_RESULT = 1

_LONGEST_ID = 40
_CHECKS_SHOWN = 3


@command(interrupted="Interrupted. What was graded is kept: the same command goes on from here")
def run_grade(console: Console, options: GradeOptions) -> int:
    """Grade and report; return the exit code."""
    Course(options.root).require_engine(__version__)
    table = GradeTable(Course(options.root).load(options.assignment))
    with watching(console) as progress:
        counts = _graded(options, progress, table)
    table.print(console)
    console.print(Text(f"{counts.unchanged} unchanged, {counts.graded} graded"))
    if counts.unowned:
        belongs = "belongs" if counts.unowned == 1 else "belong"
        console.print(
            Text(f"{counted(counts.unowned, 'entry', 'entries')} {belongs} to nobody; the page says which")
        )
    console.print(Text(_places(options)))
    return SOMEONE_WITHOUT_RESULT if table.failed or counts.unowned else EVERYONE_GRADED


def _graded(options: GradeOptions, progress: Progress, table: GradeTable) -> Counts:
    """Grade the class, if there is anything to do; what grades takes ten times as long to load as to see that."""
    same = kept(options, table.assignment)
    if same is None:
        # Before NumPy is loaded, and before there is a thread: what grades is forked from this process.
        os.environ.update(ONE_BLAS_THREAD)
        from grader.classrun.local import begun_early  # noqa: PLC0415

        early = begun_early(options, table.assignment.id) if may_grade(options, table.assignment) else None
        try:
            from grader.classrun.run import grade_class  # noqa: PLC0415

            return grade_class(options, progress, table.add, early)
        finally:
            if early is not None:
                early.close()
    counts, report = same
    for note in counts.notes:
        progress(Notice(f"- {note}"))
    for submission in report.submissions:
        table.add(submission)
    return counts


@command(interrupted="Interrupted. What was graded is kept, and no score was changed")
def run_regrade(console: Console, options: GradeOptions, *, publish: bool = False, who: str = "") -> int:
    """Grade anew, compare, and publish if asked; return the exit code."""
    from grader.classrun.run import regrade_class  # noqa: PLC0415  # as above

    if publish:
        Course(options.root).require_engine(__version__)
        require(load_people(options.root), who or logged_in(), Act.PUBLISH)
    table = GradeTable(Course(options.root).load(options.assignment))
    with watching(console) as progress:
        regraded = regrade_class(options, progress, table.add, publish_it=publish, open_it=publish)
    _print_moves(regraded.moves, regraded.students, console)
    for said, group in groupby(sorted(regraded.earlier, key=itemgetter(1)), itemgetter(1)):
        names = ", ".join(one_line(name, _LONGEST_ID) for name, _ in group)
        console.print(Text(f"{said}, whom a changed release concerns: {names}".capitalize()))
    if publish:
        console.print(Text(f"Published. {_places(options)}"))
    else:
        console.print(
            Text(
                f"Nothing was changed. To write this into {options.out} and let students have it, add --publish."
            )
        )
    return SOMEONE_WITHOUT_RESULT if table.failed else EVERYONE_GRADED


@command(interrupted="Interrupted. What was graded is kept: the same command goes on from here")
def run_upgrade(console: Console, options: GradeOptions, *, preview: bool) -> int:
    """Grade every published class with the engine that is installed, and accept it or only say who would move."""
    from grader.classrun.upgrade import upgrade_classes  # noqa: PLC0415  # as above

    course, missing = Course(options.root), 0
    console.print(
        Text(f"From numgrade {load_settings(options.root).engine or 'any version'} to {__version__}")
    )
    with watching(console) as progress:
        upgraded = list(upgrade_classes(options, progress, publish_it=not preview))
    for each in upgraded:
        console.print(Text(f"{each.published.assignment}, {each.published.source}:"))
        if each.regraded is None:
            console.print(
                Text("  its submissions are no longer there, so its scores stay as they are", "yellow")
            )
            missing += 1
        else:
            _print_moves(each.regraded.moves, each.regraded.students, console)
    if preview:
        console.print(Text("Nothing was changed. To accept the new scores: numgrade upgrade"))
    else:
        course.accept_engine(__version__)
        console.print(
            Text(f"Accepted: scores are those of numgrade {__version__}, and pyproject.toml says so")
        )
    return SOMEONE_WITHOUT_RESULT if missing else EVERYONE_GRADED


def _places(options: GradeOptions) -> str:
    return f"Pages: {options.out / 'index.html'}   Scores: {options.out / 'grades.json'}"


def _print_moves(moves: Sequence[Move], students: int, console: Console) -> None:
    console.print(Text(f"{len(moves)} of {counted(students, 'score')} would change"))
    if not moves:
        return
    table = open_table(console, "Submission", "Now>", "Then>", "Change>", "Because of")
    for move in sorted(moves, key=lambda each: (each.change, each.id)):
        cells = one_line(move.id, _LONGEST_ID), move.before, move.after, signed(move.change), _reasons(move)
        table.add_row(*map(Text, cells))
    console.print(table)


def _reasons(move: Move) -> str:
    shown = [
        f"{one_line(each.check, 3 * _LONGEST_ID)} {each.before} -> {each.after} ({signed(each.points)})"
        for each in move.checks[:_CHECKS_SHOWN]
    ]
    if len(move.checks) > len(shown):
        shown.append(f"and {len(move.checks) - len(shown)} more")
    return "\n".join(shown) or one_line(move.note, 3 * _LONGEST_ID)
