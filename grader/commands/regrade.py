"""`invoke regrade`: grade a class anew and say who moves, by how much and why, before anything is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.classrun.missing import grade_missing
from grader.classrun.opening import GradeOptions, opened, place_of
from grader.classrun.showing import show_class
from grader.commands.grade import (
    CANNOT_GRADE,
    EVERYONE_GRADED,
    INTERRUPTED,
    NOTHING_DONE,
    SOMEONE_WITHOUT_RESULT,
)
from grader.commands.terminal import open_console
from grader.course.assignment import Assignment
from grader.gradebook import (
    Gradebook,
    Standing,
    counting,
    final_reports,
    publish,
    published,
    with_gradings,
)
from grader.gradebook.moves import Move, move_between
from grader.reporting.text import counted, number, one_line

_LONGEST_ID = 40
_CHECKS_SHOWN = 3
_LEAST = 5e-7
"""Points below this are rounding."""


@dataclass(frozen=True, slots=True)
class RegradeOptions:
    """What the command line asked for: a grading, and whether to publish it."""

    grade: GradeOptions
    publish: bool = False


def run_regrade(options: RegradeOptions) -> int:
    """Grade anew, compare, and publish if asked; return the exit code."""
    console = open_console()
    try:
        failed = _regrade(options, console)
    except CANNOT_GRADE as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    except KeyboardInterrupt:
        console.print(Text("Interrupted. What was graded is kept, and nothing was published"))
        return INTERRUPTED
    return SOMEONE_WITHOUT_RESULT if failed else EVERYONE_GRADED


def _regrade(options: RegradeOptions, console: Console) -> int:
    asked = options.grade
    place = place_of(asked)
    with opened(asked, console, drop=options.publish) as taken_in:
        group = grade_missing(taken_in, place, console).group
        book, section_id, assignment = group.book, group.section_id, group.assignment
        before = published(book, section_id, assignment)
        after = with_gradings(before, group.gradings())
        moves = list(moves_of(book, before, after, assignment))
        _print_moves(moves, len(counting(book, after, assignment)), console)
        if not options.publish:
            console.print(Text("Nothing was published. To publish: the same command with --publish"))
            return 0
        publish(book, section_id, after)
        table = show_class(book, section_id, assignment, asked.out, console)
    console.print(Text(f"Published. Pages: {asked.out / 'index.html'}   Scores: {asked.out / 'grades.json'}"))
    return table.failed


def moves_of(
    book: Gradebook, before: Sequence[Standing], after: Sequence[Standing], assignment: Assignment
) -> Iterator[Move]:
    """Yield what changes for each student whose counting report does, a few reports at a time in memory."""
    old = {each.student: each for each in counting(book, before, assignment)}
    new = counting(book, after, assignment)
    changed = [each for each in new if each != old.get(each.student)]
    earlier = final_reports(book, [old[each.student] for each in changed], assignment)
    for one, other in zip(earlier, final_reports(book, changed, assignment), strict=True):
        move = move_between(one, other)
        if move.matters(_LEAST):
            yield move


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
