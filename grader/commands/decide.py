"""`numgrade decide` and `numgrade adjust`: enter what people decide, after a look at who moves by how much."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from grader.bank.entries import load_mistakes
from grader.classrun.run import show_again
from grader.commands.terminal import command, open_table, watching
from grader.course.assignment import Assignment
from grader.course.people import load_people
from grader.course.repository import Course
from grader.course.roles import acts_for, logged_in, require
from grader.gradebook import (
    Gradebook,
    decide,
    decisions_of,
    effects_of,
    handed_in,
    open_gradebook,
    read_class,
    section_shown_in,
)
from grader.gradebook.database import existing_gradebook
from grader.gradebook.decisions import did_you_mean, require_there
from grader.gradebook.final import Move
from grader.reporting.text import counted, number, one_line, signed, whole_number
from grader.results import WHOLE, Decision, DecisionKind, Refusal

DONE = 0

_LONGEST = 200
_WHICH = "?"
_NUMBERED = {
    "add": DecisionKind.ADD,
    "set": DecisionKind.SET,
    "cap": DecisionKind.CAP,
    "extend": DecisionKind.EXTEND,
}
_PLAIN = {"give": DecisionKind.GIVE, "void": DecisionKind.VOID}

Entry = tuple[str | None, Decision]
"""Whom a decision is about, None for all, and the decision."""


@dataclass(frozen=True, slots=True)
class DecideOptions:
    """What the command line asked for; numbers are as they were written, and `who` empty means whoever is logged in.

    Attributes
    ----------
    student
        One or several ids, with commas between them.
    section
        Of people.csv: the decision is about those of it who have handed in.
    everybody
        The decision is about all, and whoever hands in later.
    diagnosis
        The name of a mistake or its sentence; ``?`` lists those of the class.
    table
        A CSV file with a decision in each row.
    undo
        The number of the decision that is to count no more.
    enter
        Enter it; otherwise it is only shown what it would do.
    """

    root: Path
    student: str = ""
    section: str = ""
    everybody: bool = False
    diagnosis: str = ""
    table: Path | None = None
    part: str = ""
    add: str = ""
    set: str = ""
    cap: str = ""
    extend: str = ""
    give: bool = False
    void: bool = False
    comment: str = ""
    undo: str = ""
    why: str = ""
    who: str = ""
    beyond: bool = False
    enter: bool = False
    assignment: str = ""
    out: Path = Path("grades")
    gradebook: str = ""


class DecisionRefused(Refusal):
    """The decision cannot be entered as asked; the message says what to do."""


@command()
def run_decide(console: Console, options: DecideOptions) -> int:
    """Show what a decision does and enter it, or list what was decided; return the exit code."""
    assignment = Course(options.root).load(options.assignment)
    with open_gradebook(existing_gradebook(options.gradebook, options.out)) as book:
        if options.diagnosis == _WHICH:
            _list_diagnoses(console, book, assignment, options.out)
            return DONE
        students = _in_section(book, options, assignment) if options.section else ""
        entries = tuple(_entries(replace(options, student=options.student or students), assignment))
        _require_allowed(book, options.root, assignment, entries)
        if not entries:
            _list(console, book, assignment)
            return DONE
        _preview(console, effects_of(book, assignment, options.out, entries), entries)
        if options.enter:
            _enter(console, book, assignment, options, entries)
        else:
            console.print(Text("Nothing was entered. To enter it, add --enter."))
    return DONE


@command()
def run_adjust(console: Console, options: DecideOptions) -> int:
    """Enter points for one student at once, the short form of a decision; return the exit code."""
    assignment = Course(options.root).load(options.assignment)
    decision = _decision(options, assignment, options.who or logged_in())
    if not decision.points:
        raise DecisionRefused(
            "0 points change nothing; `numgrade decide --set 0` gives zero, --comment says a word"
        )
    entries = ((options.student, decision),)
    with open_gradebook(existing_gradebook(options.gradebook, options.out)) as book:
        _require_allowed(book, options.root, assignment, entries)
        _enter(console, book, assignment, options, entries)
    return DONE


def _require_allowed(book: Gradebook, root: Path, assignment: Assignment, entries: Sequence[Entry]) -> None:
    people = load_people(root)
    with book.reading() as session:
        require_there(session, assignment.id, (each for _, each in entries))
        entered = [each for _, each in decisions_of(session, assignment.id).entered]
    for who in sorted({each.who for _, each in entries}):
        for act in acts_for((each for _, each in entries if each.who == who), entered):
            require(people, who, act)


def _enter(
    console: Console,
    book: Gradebook,
    assignment: Assignment,
    options: DecideOptions,
    entries: Sequence[Entry],
) -> None:
    entered = decide(book, assignment.id, entries)
    with watching(console) as progress:
        shown = show_again(book, assignment, options.out, progress)
    if not shown:
        where = f"{options.out} has no results of {assignment.id} yet; the next `numgrade grade` takes it into account"
        console.print(Text(where))
    for (student, _), each in zip(entries, entered, strict=True):
        # Under the name that was asked for: who gave an anonymous one is not to learn another.
        console.print(Text(_words(student, each)))


def _words(student: str | None, decision: Decision) -> str:
    """Say in a line what was decided about whom, by whom, when and why."""
    each = decision
    about = one_line(student, _LONGEST) if student else "all"
    if each.diagnosis:
        about += f" with the diagnosis {one_line(each.diagnosis, _LONGEST)!r}"
    what = {
        DecisionKind.ADD: f"{signed(each.points)} in {each.part}",
        DecisionKind.SET: f"{number(each.points)} points in {each.part}",
        DecisionKind.CAP: f"at most {number(each.points)} points in {each.part}",
        DecisionKind.GIVE: f"all points in {each.part}",
        DecisionKind.VOID: f"{each.part} left out",
        DecisionKind.COMMENT: f"comment on {each.part}",
        DecisionKind.EXTEND: f"{counted(int(each.points), 'day')} more",
        DecisionKind.UNDO: f"decision {each.undoes} undone",
        DecisionKind.ITEM: f"rubric of {each.part}, {signed(each.points)}",
        DecisionKind.APPLY: f"item {each.item} of the rubric in {each.part}",
        DecisionKind.LOOK: f"looked at {each.part}",
        DecisionKind.SHARE: f"{each.part} to be looked at",
    }[each.kind]
    return (
        f"{about}: {what} by {one_line(each.who, _LONGEST)} at {each.when}: {one_line(each.why, _LONGEST)} "
        f"[decision {each.number}]"
    )


def _list(console: Console, book: Gradebook, assignment: Assignment) -> None:
    with book.reading() as session:
        found = decisions_of(session, assignment.id)
    counting = {each.number for _, each in found.counting}
    for student, each in found.entered:
        if each.kind is DecisionKind.LOOK:  # the review shows who looked at what
            continue
        undone = " (undone)" if each.kind is not DecisionKind.UNDO and each.number not in counting else ""
        console.print(Text(f"{_words(student, each)}{undone}"))
    if not found.entered:
        console.print(Text(f"Nothing was decided about {assignment.id} so far."))


def _list_diagnoses(console: Console, book: Gradebook, assignment: Assignment, out: Path) -> None:
    """Print which known mistakes the class made: of how many students, their names for --diagnosis, their sentences."""
    section_id = section_shown_in(book, assignment.id, out)
    if section_id is None:
        raise DecisionRefused(f"{out} has no results of {assignment.id}; name its folder with --out")
    with read_class(book, section_id, assignment) as state:
        reports = state.reports(state.counting(state.standings()))
        diagnosed = [{each.diagnosis for each in report.checks if each.diagnosis} for report in reports]
    counts = {
        each: count
        for each in load_mistakes(assignment.folder)
        if (count := sum(any(each.sentence in said for said in some) for some in diagnosed))
    }
    table = open_table(console, "Students>", "--diagnosis", "What students read")
    for each in sorted(counts, key=lambda each: (-counts[each], each.name)):
        table.add_row(str(counts[each]), each.name, Text(one_line(each.sentence, _LONGEST)))
    console.print(table if counts else Text(f"Nobody was diagnosed with a known mistake of {assignment.id}."))


def _preview(console: Console, moves: Sequence[Move] | None, entries: Sequence[Entry]) -> None:
    if moves is None:
        console.print(Text("No class was graded there yet, so no score would change now."))
        return
    moving = [each for each in moves if each.matters]
    for each in moving:
        console.print(
            Text(f"{one_line(each.id, _LONGEST)}: {each.before} becomes {each.after} ({signed(each.change)})")
        )
    comments = sum(each.kind is DecisionKind.COMMENT for _, each in entries)
    said = f", {counted(comments, 'comment')} to enter" if comments else ""
    console.print(Text(f"{len(moving)} of {counted(len(moves), 'score')} would change{said}."))


def _entries(options: DecideOptions, assignment: Assignment) -> Iterator[Entry]:
    """Give what is to be entered; nothing where nothing was asked for."""
    who = options.who or logged_in()
    if options.undo:
        yield None, _undo(options, who)
    elif options.table is not None:
        yield from _from_table(options.table, options, assignment, who)
    elif any(getattr(options, name) for name in (*_NUMBERED, *_PLAIN, "comment")):
        students = [each.strip() for each in options.student.split(",") if each.strip()]
        if bool(students) == options.everybody and (students or not options.diagnosis):
            raise DecisionRefused(
                "say about whom: --student ada,ben, --section A, --all, --diagnosis NAME, or --csv FILE"
            )
        decision = _decision(options, assignment, who)
        yield from ((student, decision) for student in students or (None,))


def _in_section(book: Gradebook, options: DecideOptions, assignment: Assignment) -> str:
    """Return the ids of those of a section who have handed in, as they would be listed."""
    people = load_people(options.root)
    members = {each.id: each for each in people.members}
    sections = {each.section for each in people.members}
    if options.section not in sections:
        known = ", ".join(sorted(filter(None, sections))) or "none"
        raise DecisionRefused(f"people.csv has no section {options.section!r}; it has: {known}")
    found = [
        each.id
        for each in handed_in(book, assignment.id)
        if (member := members.get(each.member) or people.find(id=each.id, email=each.email, name=each.name))
        and member.section == options.section
    ]
    if not found:
        raise DecisionRefused(f"nobody of section {options.section!r} has handed in {assignment.id}")
    return ",".join(found)


def _undo(options: DecideOptions, who: str) -> Decision:
    if (undone := whole_number(options.undo)) is None:
        raise DecisionRefused(
            f"--undo {options.undo}: give the number of a decision, as `numgrade decide` lists them"
        )
    return Decision(WHOLE, DecisionKind.UNDO, 0.0, _reason(options.why), who, undoes=undone)


def _from_table(path: Path, options: DecideOptions, assignment: Assignment, who: str) -> Iterator[Entry]:
    """Give the decision of each row; what a row does not say, the command line does."""
    for at, row in enumerate(_rows(path), start=2):
        said = {name: (value or "").strip() for name, value in row.items() if name}
        if not said.get("student"):
            raise DecisionRefused(f"row {at} of {path} names no student")
        known: dict[str, Any] = {
            name: said[name] for name in ("part", "why", "comment", *_NUMBERED) if said.get(name)
        }
        try:
            yield said["student"], _decision(replace(options, **known), assignment, who)
        except Refusal as error:
            raise DecisionRefused(f"row {at} of {path}: {error}") from error


def _decision(options: DecideOptions, assignment: Assignment, who: str) -> Decision:
    part = options.part or WHOLE
    worth = math.inf if part == WHOLE else assignment.part(part).points
    said = {name: str(getattr(options, name)) for name in _NUMBERED if getattr(options, name) != ""}
    kinds = [*said, *(name for name in _PLAIN if getattr(options, name))]
    if options.comment:
        if kinds:
            raise DecisionRefused(
                "enter points and a comment one after the other: the reason of points is --why"
            )
        found = Decision(part, DecisionKind.COMMENT, 0.0, options.comment, who)
    elif len(kinds) != 1:
        raise DecisionRefused("say one of --add, --set, --cap, --give, --void, --extend and --comment")
    elif said:
        ((name, text),) = said.items()
        points = _points(name, text)
        if name == "extend" and (part != WHOLE or points != int(points)):
            raise DecisionRefused(
                "an extension is of whole days, and for the submission as a whole: leave out --part"
            )
        if abs(points) > worth and not options.beyond:
            raise DecisionRefused(
                f"{part} has {number(worth)} points and {text} is beyond them; --beyond enters it all the same"
            )
        found = Decision(part, _NUMBERED[name], points, _reason(options.why), who, beyond=options.beyond)
    elif options.void and part == WHOLE:
        raise DecisionRefused("say with --part which part is left out")
    else:
        found = Decision(part, _PLAIN[kinds[0]], 0.0, _reason(options.why), who)
    return replace(found, diagnosis=_sentence(options.diagnosis, assignment))


def _points(name: str, text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not math.isfinite(points) or (points < 0 and name != "add"):
        raise DecisionRefused(
            f"{text!r} is no number of points; write 2 to give two, --add=-2 (adjust: --points=-2) to take two"
        )
    return points


def _reason(why: str) -> str:
    if not why.strip():
        raise DecisionRefused('say why with --why "..."; the student reads it')
    return why.strip()


def _sentence(name: str, assignment: Assignment) -> str:
    """Return the sentence that reports have where a mistake of the bank was found; a sentence stays one."""
    if not name:
        return ""
    sentences = {each.name: each.sentence for each in load_mistakes(assignment.folder)}
    if name in sentences or name in sentences.values():
        return sentences.get(name, name)
    raise DecisionRefused(
        f"no mistake of {assignment.id} is called {name!r}{did_you_mean(name, sentences)}; `numgrade decide "
        "--diagnosis` alone lists those that the class made"
    )


def _rows(path: Path) -> list[dict[str, str | None]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DecisionRefused(f"{path} cannot be read ({error}); write a CSV file in UTF-8") from error
    if not rows:
        raise DecisionRefused(
            f"{path} has no rows; its columns are student, part, add (or set, cap, comment) and why"
        )
    return rows
