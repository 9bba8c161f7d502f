"""`numgrade requests`: list what students ask to have looked at again, and keep the answers with their grades."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.commands.decide import DecideOptions, run_decide
from grader.commands.terminal import command
from grader.course.people import People, load_people
from grader.course.repository import Course
from grader.gradebook import decisions_of, open_gradebook
from grader.gradebook.database import gradebook_at, is_there
from grader.reporting.files import ReportPaths
from grader.reporting.grades_json import load
from grader.reporting.requests import Request, read_requests
from grader.reporting.text import counted, one_line
from grader.results import WHOLE, Decision, Refusal, SubmissionReport

DONE = 0

_LONGEST = 300
_MARKED = re.compile(r"Your request (\S+): ")


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """What the command line asked for.

    Attributes
    ----------
    place
        A folder of mails or texts, or an mbox.
    answer
        The request that is answered, with the words in `comment` and, where points move, `add`.
    """

    root: Path
    place: Path
    answer: str = ""
    comment: str = ""
    add: str = ""
    who: str = ""
    assignment: str = ""
    out: Path = Path("grades")
    gradebook: str = ""


class RequestRefused(Refusal):
    """Requests cannot be read or answered as asked; the message says what to do."""


@command()
def run_requests(console: Console, options: RequestOptions) -> int:
    """List requests, or answer one; return the exit code."""
    assignment = Course(options.root).load(options.assignment)
    try:
        found = [each for each in read_requests(options.place) if each.assignment == assignment.id]
    except OSError as error:
        raise RequestRefused(
            f"cannot read {options.place}: {error.strerror}; name a folder or an mbox"
        ) from error
    shown = {each.id: each for each in load(ReportPaths(options.out).json).submissions}
    if options.answer:
        chosen = next((each for each in found if each.id == options.answer), None)
        if chosen is None or chosen.submission not in shown:
            known = ", ".join(each.id for each in found if each.submission in shown) or "none"
            raise RequestRefused(f"no request {options.answer!r} can be answered; there are: {known}")
        _refuse_answered(chosen.id, _answers(options, assignment.id).get(chosen.id, ()))
        return _answer(options, chosen, {part.id for part in assignment.parts})
    answers = _answers(options, assignment.id)
    people = load_people(options.root)
    for each in found:
        _print(console, each, shown.get(each.submission), answers.get(each.id, ()), people, options.out)
    waiting = sum(each.id not in answers for each in found)
    console.print(
        Text(f"{counted(len(found), 'request')} about {assignment.id}, {waiting} without an answer.")
    )
    return DONE


def _print(
    console: Console,
    request: Request,
    report: SubmissionReport | None,
    answers: Sequence[Decision],
    people: People,
    out: Path,
) -> None:
    who, part = one_line(request.submission, _LONGEST), one_line(request.part, _LONGEST) or WHOLE
    console.print(Text(f"{request.id}  {who}, {part}: {one_line(request.why, _LONGEST)}"))
    if report is None:
        console.print(Text(f"        {out} shows no submission of this name"))
        return
    console.print(Text(f"        {ReportPaths(out).staff_page(report.id)}"))
    if request.graded and not report.sha256.startswith(request.graded):
        console.print(Text("        it is about another attempt than the one that counts now"))
    member = next((each for each in people.members if each.id == report.member), None)
    if request.sender and member and member.email and member.email.casefold() != request.sender.casefold():
        console.print(
            Text(f"        sent by {one_line(request.sender, _LONGEST)}, and not by {member.email}")
        )
    if answers:
        said = answers[-1].why.removeprefix(_mark(request.id)).strip()
        console.print(Text(f"        answered: {one_line(said, _LONGEST)}"))


def _answer(options: RequestOptions, request: Request, parts: set[str]) -> int:
    """Enter the points, which may be refused, with the words as their reason, and then the words as a comment."""
    if not options.comment.strip():
        raise RequestRefused('say the answer with --comment "..."; the student reads it')
    words = f"{_mark(request.id)} {options.comment.strip()}"
    part = request.part if request.part in parts else ""
    common = {
        "student": request.submission,
        "part": part,
        "who": options.who,
        "enter": True,
        "assignment": options.assignment,
        "out": options.out,
        "gradebook": options.gradebook,
    }
    code = DONE
    if options.add:
        code = run_decide(DecideOptions(options.root, add=options.add, why=words, **common))  # type: ignore[arg-type]
    return code or run_decide(DecideOptions(options.root, comment=words, **common))  # type: ignore[arg-type]


def _refuse_answered(id: str, answers: Sequence[Decision]) -> None:
    if not answers:
        return
    numbers = sorted({each.number for each in answers})
    called = f"decision{'s' * (len(numbers) > 1)} {' and '.join(map(str, numbers))}"
    raise RequestRefused(
        f"request {id} was answered: {called}, {one_line(answers[-1].why, _LONGEST)!r}; to answer it anew, "
        f"first undo that: `numgrade decide --undo {numbers[0]} --why ... --enter`"
    )


def _mark(id: str) -> str:
    return f"Your request {id}:"  # as `_MARKED` reads it


def _answers(options: RequestOptions, assignment_id: str) -> Mapping[str, Sequence[Decision]]:
    """Return by request what was entered as its answer, words and points, where that still counts."""
    where = gradebook_at(options.gradebook, options.out)
    if not is_there(where):
        return {}
    with open_gradebook(where) as book, book.reading() as session:
        counting = decisions_of(session, assignment_id).counting
    found: dict[str, list[Decision]] = defaultdict(list)
    for _, each in counting:
        if marked := _MARKED.match(each.why):
            found[marked[1]].append(each)
    return found
