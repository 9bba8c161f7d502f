"""Show what a student wrote: files and cells with numbered lines, and at the lines what is to be said of them.

The view is data first, so that a page, and whoever adds comments, can decide what to do with each line; `code_html`
puts it into HTML. Line 12 of the second text is at ``#code-2-L12``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

from grader.course.assignment import Assignment
from grader.reporting.outcomes import FACES
from grader.reporting.page import LONGEST_MESSAGE, render_row
from grader.reporting.text import REPLACEMENT, clean, clip, counted, one_line
from grader.results import AnswerLines, CheckResult, CodeText, Flag, Outcome, SubmissionReport

LONGEST_LINE, MOST_SHOWN = 400, 250_000
"""Characters of a line, and of all lines, that a page shows. To colour a line may take the square of its length."""

MOST_REMARKS = 6
"""Remarks at one line."""

_FOLDED, _AROUND = 12, 3
"""Given lines in a row that are folded, and how many of them stay in sight before and behind what is not."""

_LONGEST_NAME = 200
_AT = re.compile(r"(?P<path>[^\s:,()'\"]+\.py):(?P<line>[1-9][0-9]{0,6})")
_LINE = re.compile(r"\bline ([1-9][0-9]{0,6})")

_CLASSES: Mapping[_TokenType, str] = {
    Comment: "cm",
    Keyword: "kw",
    Name.Builtin: "nb",
    Name.Class: "nd",
    Name.Decorator: "nd",
    Name.Function: "nd",
    Number: "nu",
    String: "st",
}
"""What of Python is coloured, and the class that names its colour."""

Place = tuple[str, int]
"""A text's name and the number of a line in it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What grading says of a line: its tone, a word for it, and the sentence."""

    tone: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line: its number, its code, whether it was handed out, and what is said of it."""

    number: int
    code: Markup
    given: bool
    remarks: tuple[Remark, ...] = ()
    comments: tuple[Markup, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether anything is said of it."""
        return bool(self.remarks or self.comments)


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A file, or a cell of a notebook.

    Attributes
    ----------
    name
        As `CodeText.name`, by which comments find it.
    shown
        The name as a page shows it.
    anchor
        Unique on the page; a line's is ``f"{anchor}-L{number}"``.
    left_out
        In words, what is not shown; empty where all is.
    """

    name: str
    shown: str
    anchor: str
    lines: tuple[CodeLine, ...]
    left_out: str = ""
    answers: tuple[AnswerLines, ...] = ()

    @property
    def matters(self) -> bool:
        """Whether it holds an answer, or anything is said of it."""
        return bool(self.answers) or any(each.speaks for each in self.lines)

    @property
    def blocks(self) -> tuple[tuple[bool, tuple[CodeLine, ...]], ...]:
        """Its lines in runs, each with whether it is folded: long runs of what was handed out."""
        near: set[int] = set()
        for each in self.lines:
            if each.speaks or not each.given:
                near.update(range(each.number - _AROUND, each.number + _AROUND + 1))
        runs = [(key, tuple(run)) for key, run in groupby(self.lines, lambda each: each.number not in near)]
        return tuple((far and len(run) >= _FOLDED, run) for far, run in runs)


@dataclass
class _Room:
    """How many characters a page has left, and how many texts it has."""

    left: int = MOST_SHOWN
    texts: int = field(default=0)


def code_files(
    submission: SubmissionReport,
    assignment: Assignment,
    comments: Mapping[Place, Sequence[Markup]] | None = None,
) -> tuple[CodeFile, ...]:
    """Return what a submission's author wrote, with findings and comments at their lines.

    Parameters
    ----------
    submission
        Cleaned, and for a student's page also `for_student`: its findings are shown as they are.
    comments
        By name of text and number of line; those of lines that are gone are at the last line.
    """
    remarks = remarks_of(submission, assignment)
    room = _Room()
    return tuple(
        _file(each, remarks.get(each.name, {}), _at_lines(comments or {}, each), room)
        for each in submission.code
    )


def code_html(files: Sequence[CodeFile], *, whose: str = "the student's own") -> Markup:
    """Return the files as a piece of a page."""
    return render_row("code_piece.html", files=files, whose=whose)


def remarks_of(
    submission: SubmissionReport, assignment: Assignment
) -> dict[str, dict[int, tuple[Remark, ...]]]:
    """Return what grading says of each line, by text and number: errors, diagnoses, and what was found elsewhere."""
    found: dict[str, dict[int, list[Remark]]] = {}
    parts = {part.id: part for part in assignment.parts}
    for check in submission.checks:
        if check.outcome is Outcome.PASSED or check.outcome.excused or check.part not in parts:
            continue
        part = parts[check.part]
        for place in _places(check, part.symbol, submission.code):
            _add(found, place, Remark(FACES[check.outcome].tone, part.title, _says(check)))
    for flag in submission.flags:
        if at := _named_by(flag, submission.code):
            _add(found, at, Remark("warn", "How it was read", flag.message))
    return {
        name: {line: tuple(each[:MOST_REMARKS]) for line, each in lines.items()}
        for name, lines in found.items()
    }


def _add(found: dict[str, dict[int, list[Remark]]], place: Place, remark: Remark) -> None:
    there = found.setdefault(place[0], {}).setdefault(place[1], [])
    if remark not in there:
        there.append(remark)


def _says(check: CheckResult) -> str:
    words = check.message or FACES[check.outcome].help
    return f"{words} {check.diagnosis}" if check.diagnosis else words


def _places(check: CheckResult, symbol: str, code: Sequence[CodeText]) -> list[Place]:
    """Return the lines that a check's message names; without any, where its answer is defined."""
    named = [
        (text.name, line)
        for found in _AT.finditer(check.message[:LONGEST_MESSAGE])  # takes the square of its length
        for text in code
        if found["path"] in text.places
        if (line := dict(text.lines).get(int(found["line"]), 0) if text.lines else int(found["line"]))
    ]
    return list(dict.fromkeys(named)) or [
        (text.name, answer.first) for text in code for answer in text.answers if answer.symbol == symbol
    ]


def _named_by(flag: Flag, code: Sequence[CodeText]) -> Place | None:
    """Return the line that a flag about how files were read speaks of, if it names a text."""
    text = next((each for each in code if each.name in flag.message), None)
    if text is None or flag.kind not in _ABOUT_READING:
        return None
    numbered = _LINE.search(flag.message)
    named = (each.first for each in text.answers if re.search(rf"\b{each.symbol}\b", flag.message))
    return text.name, int(numbered[1]) if numbered else next(named, 1)


_ABOUT_READING = frozenset(
    {
        "answer_elsewhere",
        "answer_in_notebook",
        "answer_not_counted",
        "defined_twice",
        "does_not_parse",
        "not_read_whole",
    }
)


def _at_lines(comments: Mapping[Place, Sequence[Markup]], text: CodeText) -> dict[int, tuple[Markup, ...]]:
    last = text.text.count("\n") + 1
    found: dict[int, list[Markup]] = {}
    for (name, line), some in comments.items():
        if name == text.name:
            found.setdefault(min(max(line, 1), last), []).extend(some)
    return {line: tuple(some) for line, some in found.items()}


def _file(
    text: CodeText,
    remarks: Mapping[int, tuple[Remark, ...]],
    comments: Mapping[int, tuple[Markup, ...]],
    room: _Room,
) -> CodeFile:
    room.texts += 1
    lines = tuple(map(_line, text.text.split("\n")))
    shown = _fitting(lines, room)
    given = {number for first, last in text.given for number in range(first, min(last, len(shown)) + 1)}
    last = len(shown)
    return CodeFile(
        name=text.name,
        shown=one_line(text.name, _LONGEST_NAME),
        anchor=f"code-{room.texts}",
        lines=tuple(
            CodeLine(number, code, number in given, remarks.get(number, ()), comments.get(number, ()))
            for number, code in enumerate(coloured(shown), 1)
        ),
        left_out=_left_out(text.left_out + len(lines) - last),
        answers=text.answers,
    )


def _left_out(count: int) -> str:
    return f"{counted(count, 'more line')} not shown" if count else ""


def _line(text: str) -> str:
    """Return a line as it can be shown; it stays one line, so that numbers are Python's."""
    shown = clean(text).replace("\n", REPLACEMENT)
    return clip(shown, LONGEST_LINE) if len(shown) > LONGEST_LINE else shown


def _fitting(lines: tuple[str, ...], room: _Room) -> tuple[str, ...]:
    """Return as many lines as the page has room for."""
    for count, line in enumerate(lines):
        room.left -= len(line) + 1
        if room.left < 0:
            return lines[:count]
    return lines


@lru_cache(maxsize=64)  # a student's page and the staff's show the same
def coloured(lines: tuple[str, ...]) -> tuple[Markup, ...]:
    """Return lines of Python with a span around what has a colour; every text of it is escaped."""
    # From each blank line the lexer looks through all that follow: it gets none of them, for they have no colour.
    written = [line for line in lines if line.strip()]
    colours = iter(_coloured(written))
    return tuple(next(colours) if line.strip() else escape(line) for line in lines)


def _coloured(lines: Sequence[str]) -> Sequence[Markup]:
    made, current = list[Markup](), list[str]()
    for kind, text in _tokens("\n".join(lines)):
        first, *others = text.split("\n")
        current.append(_span(kind, first))
        for each in others:
            made.append(_joined(current))
            current = [_span(kind, each)]
    return (*made, _joined(current))


def _joined(escaped: Sequence[str]) -> Markup:
    return Markup("".join(escaped))  # noqa: S704  # each piece comes from `_span`


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Give the pieces of a text with the class of each, those of one class in a row together."""
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for kind, some in groupby(lexer.get_tokens(text), lambda token: _class_of(token[0])):
        yield kind, "".join(piece for _, piece in some)


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for token, name in _CLASSES.items() if kind in token), "")


def _span(kind: str, text: str) -> str:
    escaped = escape(text)
    return f'<span class="{kind}">{escaped}</span>' if kind and text.strip() else escaped
