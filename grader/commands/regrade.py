"""`invoke regrade`: grade a class anew and say who moves, by how much and why, before anything is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.classrun.open import GradeOptions
from grader.classrun.run import regrade_class
from grader.commands.grade import (
    CANNOT_GRADE,
    EVERYONE_GRADED,
    INTERRUPTED,
    NOTHING_DONE,
    SOMEONE_WITHOUT_RESULT,
)
from grader.commands.terminal import GradeTable, open_console, watching
from grader.course.repository import Course
from grader.gradebook.final import Move
from grader.reporting.text import counted, number, one_line

_LONGEST_ID = 40
_CHECKS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class RegradeOptions:
    """What the command line asked for: a grading, and whether to publish it."""

    grade: GradeOptions
    publish: bool = False


def run_regrade(options: RegradeOptions) -> int:
    """Grade anew, compare, and publish if asked; return the exit code."""
    console, asked = open_console(), options.grade
    try:
        table = GradeTable(Course(asked.root).load(asked.assignment))
        with watching(console) as progress:
            regraded = regrade_class(asked, progress, table.add, publish_it=options.publish)
    except CANNOT_GRADE as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    except KeyboardInterrupt:
        console.print(Text("Interrupted. What was graded is kept, and nothing was published"))
        return INTERRUPTED
    _print_moves(regraded.moves, regraded.students, console)
    if options.publish:
        console.print(
            Text(f"Published. Pages: {asked.out / 'index.html'}   Scores: {asked.out / 'grades.json'}")
        )
    else:
        console.print(Text("Nothing was published. To publish: the same command with --publish"))
    return SOMEONE_WITHOUT_RESULT if table.failed else EVERYONE_GRADED


def _print_moves(moves: Sequence[Move], students: int, console: Console) -> None:
    console.print(Text(f"{counted(len(moves), 'score')} of {students} would change"))
    if not moves:
        return
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2, pad_edge=False)
    table.add_column("Submission", overflow="fold")
    for heading in ("Now", "Then", "Moves"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Because of", overflow="fold")
    for move in sorted(moves, key=lambda each: (each.change, each.id)):
        table.add_row(
            Text(one_line(move.id, _LONGEST_ID)),
            Text(move.before),
            Text(move.after),
            Text(_signed(move.change)),
            Text(_reasons(move)),
        )
    console.print(table)


def _reasons(move: Move) -> str:
    shown = [
        f"{one_line(each.check, 3 * _LONGEST_ID)} {each.before} -> {each.after} ({_signed(each.points)})"
        for each in move.checks[:_CHECKS_SHOWN]
    ]
    more = len(move.checks) - len(shown)
    return "\n".join([*shown, *([f"and {more} more"] if more > 0 else [])]) or one_line(
        move.note, 3 * _LONGEST_ID
    )


def _signed(points: float) -> str:
    return f"{'-' if points < 0 else '+'}{number(abs(points))}"
