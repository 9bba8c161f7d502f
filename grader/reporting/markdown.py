"""A student's result as Markdown for a pull request or an issue: what the page tells, short, and nothing that acts.

GitHub and GitLab turn ``@name``, ``#1``, addresses and lines such as ``/close`` into something that acts, also where
they are escaped, but not in code. What may quote a submission stands in code; the course's own words are escaped.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from grader.course.assignment import Assignment
from grader.reporting.standing import PartState
from grader.reporting.submission_page import PartSection, change_words, sections_of
from grader.reporting.text import clip, number, one_line
from grader.results import WHOLE, SubmissionReport, demand

LONGEST = 20_000
"""Characters of a text; GitHub takes 65,536."""

_LONGEST_CODE = 1500
_LONGEST_LINE = 200
_WIDTH = 100
_STATES = {
    PartState.FULL: "solved",
    PartState.PARTIAL: "in part",
    PartState.NONE: "not solved",
    PartState.NOT_GRADED: "not graded",
    PartState.WAITING: "waits for a person",
}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_REFERENCE = re.compile(r"[@#!]|://|www\.")
_TICKS = re.compile("`+")


def result_text(told: SubmissionReport, assignment: Assignment) -> str:
    """Return the result of a submission that was cleaned for its student."""
    left = LONGEST
    found: list[str] = []
    for block in _blocks(told, assignment):
        left -= len(block) + 2
        if left < 0:
            found.append("*There is more: see the page.*")
            break
        found.append(block)
    return "\n\n".join(found) + "\n"


def _blocks(told: SubmissionReport, assignment: Assignment) -> Iterator[str]:
    yield f"## {words(assignment.title)}"
    if told.error:
        yield code(told.error)
        return
    yield f"**{number(told.score)} of {number(told.max_score)} points**"
    sections = sections_of(told, assignment)
    if sections.parts:
        yield "\n".join(["| Part | Points | |", "| --- | ---: | --- |", *map(_row, sections.parts)])
    titles = {part.id: part.title for part in assignment.parts}
    for change in change_words(told, titles):
        yield code(change)
    for comment in told.comments:
        about = "" if comment.part == WHOLE else f" on {words(titles.get(comment.part, comment.part))}"
        at = f", line {comment.place.line} of {span(comment.place.file)}" if comment.place else ""
        yield f"A comment{about}{at}:\n\n{code(comment.text)}"
    for flag in told.flags:
        yield code(flag.message)
    for part in sections.parts:
        yield from _findings(part)


def _row(part: PartSection) -> str:
    standing = part.standing
    points = f"{number(standing.points)} of {number(standing.max_points)}"
    return f"| {words(standing.title)} | {points} | {_STATES[standing.state]} |"


def _findings(part: PartSection) -> Iterator[str]:
    if part.groups:
        yield f"### {words(part.standing.title)}"
    for group in part.groups:
        checks = "\n".join(f"- {words(demand(each.title))}" for each in group.checks)
        said = "\n".join(filter(None, (group.message, group.first.diagnosis, group.free)))
        yield f"{checks}\n\n{code(said)}" if said else checks


def words(text: str) -> str:
    """Return a line of the course's own as it was written, without markup; in code where it could be a reference."""
    return span(text) if _REFERENCE.search(text) else _PUNCTUATION.sub(r"\\\1", one_line(text, _LONGEST_LINE))


def span(text: str) -> str:
    """Return a line of a stranger's in code; no run of backticks in it ends that."""
    line = one_line(text, _LONGEST_LINE)
    fence = "`" * (_longest_run(line) + 1)
    return f"{fence} {line} {fence}"


def code(text: str) -> str:
    """Return what may quote a stranger as a block of code, in lines that need no scrolling."""
    shown = clip(text, _LONGEST_CODE).splitlines()
    lines = [piece for line in shown for piece in textwrap.wrap(line, _WIDTH, break_on_hyphens=False) or [""]]
    fence = "`" * max(3, _longest_run(text) + 1)
    return "\n".join([f"{fence}text", *lines, fence])


def _longest_run(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)
