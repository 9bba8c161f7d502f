"""`numgrade return`: show who would get what, and with --send give it to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from grader.classrun.run import publish_again
from grader.commands.terminal import command, open_table, watching
from grader.course.assignment import Assignment
from grader.course.people import load_people
from grader.course.repository import Course
from grader.course.roles import Act, logged_in, require
from grader.gradebook import (
    Gradebook,
    ReturnLedger,
    handed_in,
    is_open_to_students,
    open_gradebook,
    read_class,
    section_shown_in,
)
from grader.gradebook.database import existing_gradebook
from grader.progress import begin, unwatched
from grader.reporting.returning import (
    Delivery,
    Feedback,
    ReturnOptions,
    ReturnRefused,
    Target,
    deliver,
    plan,
    target_named,
)
from grader.reporting.returning.feedback import UNCHANGED
from grader.reporting.text import counted, one_line

EVERYBODY_SERVED = 0
SOMEBODY_LEFT_OUT = 1

_LONGEST = 60
_LONGEST_REASON = 160


@command(interrupted="Interrupted. What was sent is written down: the same command goes on from here")
def run_return(console: Console, options: ReturnOptions) -> int:
    """Show the table, and send if asked; return the exit code."""
    assignment = Course(options.root).load(options.assignment)
    target = target_named(options)
    with open_gradebook(existing_gradebook(options.gradebook, options.out)) as book:
        ledger = ReturnLedger(book, assignment.id, target.place)
        everybody = _planned(book, assignment, options, target, ledger)
        planned = _asked_for(everybody, options.student)
        due = [each for each in planned if not each.held]
        if not options.send:
            _print(console, planned)
            console.print(Text(f"Nothing was sent. With --send {_these(len(due))} the score and the page."))
            return EVERYBODY_SERVED
        held = [each for each in planned if each.held]
        wanted = [each for each in everybody if each in due or each.held == UNCHANGED]
        done, notes = Delivery(), list[str]()
        if due:
            with watching(console) as progress, target.connect(wanted) as sender:
                step = begin(progress, "Sending", len(due), quick=True)
                done = deliver(due, sender, ledger, together=target.together, step=step)
                notes = list(sender.notes)
    _report(console, held, due, done, notes)
    left_out = done.refused or any(each.held != UNCHANGED for each in held)
    return SOMEBODY_LEFT_OUT if left_out else EVERYBODY_SERVED


def _planned(
    book: Gradebook, assignment: Assignment, options: ReturnOptions, target: Target, ledger: ReturnLedger
) -> Sequence[Feedback]:
    """Publish if asked, and say what everybody is to get."""
    if options.publish:
        require(load_people(options.root), options.who or logged_in(), Act.PUBLISH)
        publish_again(book, assignment, options.out, unwatched)
    section_id = section_shown_in(book, assignment.id, options.out)
    if section_id is None:
        raise ReturnRefused(
            f"{options.out} has no results of {assignment.id}; grade it first, or name its folder with --out"
        )
    with read_class(book, section_id, assignment) as state:
        return plan(
            state,
            options.out,
            load_people(options.root),
            {each.id: each for each in handed_in(book, assignment.id)},
            ledger.known,
            target.identity,
            describe=getattr(target, "describe", None),
            way="scaled" if options.scale else "",
            unpublished=not is_open_to_students(book, section_id),
            again=options.again,
        )


def _asked_for(planned: Sequence[Feedback], names: str) -> Sequence[Feedback]:
    wanted = {each.strip() for each in names.split(",")} - {""}
    found = [each for each in planned if not wanted or wanted & {each.student, each.shown, each.to}]
    unknown = wanted - {name for each in found for name in (each.student, each.shown, each.to)}
    if unknown:
        raise ReturnRefused(f"nobody in this class is called {', '.join(sorted(unknown))}")
    return found


def _print(console: Console, planned: Sequence[Feedback]) -> None:
    """Print who gets what, and who gets nothing and why."""
    table = open_table(console, "Submission", "To", "Score>", "Gets")
    for each in planned:
        score = "" if each.report.error else f"{each.report.score:g} / {each.report.max_score:g}"
        hidden = each.shown != each.student and each.shown.startswith("anon-")
        comments = f", {counted(len(each.comments), 'comment')}" if each.comments else ""
        gets = f"nothing: {each.held}" if each.held else f"score and page{comments}"
        cells = one_line(each.shown, _LONGEST), "" if hidden else one_line(each.to, _LONGEST), score, gets
        table.add_row(*map(Text, cells))
    console.print(table)
    _count(console, [each for each in planned if each.held])


def _count(console: Console, held: Sequence[Feedback]) -> None:
    for reason, count in Counter(each.held for each in held).items():
        console.print(Text(f"{_these(count)} nothing: {one_line(reason, _LONGEST_REASON)}"))


def _these(count: int) -> str:
    return f"{counted(count, 'student')} {'gets' if count == 1 else 'get'}"


def _report(
    console: Console, held: Sequence[Feedback], due: Sequence[Feedback], done: Delivery, notes: Sequence[str]
) -> None:
    _count(console, held)
    shown = {each.student: each.shown for each in due}
    for student, reason in done.refused.items():
        console.print(
            Text(f"{one_line(shown[student], _LONGEST)} gets nothing: {one_line(reason, _LONGEST_REASON)}")
        )
    for note in notes:
        console.print(Text(f"- {note}"))
    there = f"; {len(done.there)} had them already" if done.there else ""
    console.print(Text(f"{counted(len(done.sent), 'student')} got score, comments and page{there}."))
