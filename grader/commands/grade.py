"""`invoke grade` and `invoke regrade`: grade a class, print its table or who moves, and say where everything is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from grader.classrun.open import GradeOptions
from grader.classrun.run import grade_class, regrade_class
from grader.commands.terminal import GradeTable, command, open_table, signed, watching
from grader.course.repository import Course
from grader.gradebook.final import Move
from grader.reporting.text import counted, one_line

EVERYONE_GRADED = 0
SOMEONE_WITHOUT_RESULT = 1

_LONGEST_ID = 40
_CHECKS_SHOWN = 3


@command(interrupted="Interrupted. What was graded is kept: the same command goes on from here")
def run_grade(console: Console, options: GradeOptions) -> int:
    """Grade and report; return the exit code."""
    table = GradeTable(Course(options.root).load(options.assignment))
    with watching(console) as progress:
        counts = grade_class(options, progress, table.add)
    table.print(console)
    console.print(Text(f"{counts.unchanged} unchanged, {counts.graded} graded"))
    if counts.unowned:
        belongs = "belongs" if counts.unowned == 1 else "belong"
        console.print(
            Text(f"{counted(counts.unowned, 'entry', 'entries')} {belongs} to nobody; the page says which")
        )
    console.print(Text(_places(options)))
    return SOMEONE_WITHOUT_RESULT if table.failed or counts.unowned else EVERYONE_GRADED


@command(interrupted="Interrupted. What was graded is kept, and nothing was published")
def run_regrade(console: Console, options: GradeOptions, *, publish: bool = False) -> int:
    """Grade anew, compare, and publish if asked; return the exit code."""
    table = GradeTable(Course(options.root).load(options.assignment))
    with watching(console) as progress:
        regraded = regrade_class(options, progress, table.add, publish_it=publish)
    _print_moves(regraded.moves, regraded.students, console)
    if publish:
        console.print(Text(f"Published. {_places(options)}"))
    else:
        console.print(Text("Nothing was published. To publish: the same command with --publish"))
    return SOMEONE_WITHOUT_RESULT if table.failed else EVERYONE_GRADED


def _places(options: GradeOptions) -> str:
    return f"Pages: {options.out / 'index.html'}   Scores: {options.out / 'grades.json'}"


def _print_moves(moves: Sequence[Move], students: int, console: Console) -> None:
    console.print(Text(f"{counted(len(moves), 'score')} of {students} would change"))
    if not moves:
        return
    table = open_table(console, "Submission", "Now>", "Then>", "Moves>", "Because of")
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
