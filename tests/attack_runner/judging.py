"""Judge what came of an attack: pure functions from a report, its pages and what was observed to complaints."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from grader.course.assignment import Assignment
from grader.intake.numeric import LOOKS_NUMERIC
from grader.results import Outcome, Scope, SubmissionReport, family_of
from tests.attack_runner.corpus import EVERYTHING, Attack

BREACH = "BREACH"
"""What an attack raises, prints or is called when it got at something; no report may hold it."""

_OWN_CODE = re.compile(r'<div class="line[ "].*?</div>', re.DOTALL)
"""A line of the submission on its page, whose source holds what it would say if it got through."""

HIDDEN = "HIDDEN"
"""What an attack puts before a hidden input; only staff may read it."""

TAMPERING = "tampering"

MOST_MEMORY = 350 * 2**20
"""Bytes the grader may grow by: twice the largest reply of the limits for attacks, and pages about it."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen around a grading.

    Attributes
    ----------
    harm
        What was changed, reached or left running.
    secret
        What the attack was not to find out.
    growth
        By how many bytes the grader grew.
    pages
        Name to text of all reports; those for students have names that begin with ``students/``.
    """

    harm: tuple[str, ...]
    secret: str
    growth: int
    pages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AttackResult:
    """What came of one attack.

    Attributes
    ----------
    score
        Points it got, of the `total`.
    unearned
        Those of them that its honest work does not earn, and those that left the total.
    waits
        Points that wait for a person.
    flags
        Kinds of the flags that staff see.
    outcomes
        How often its checks ended how, in words.
    problems
        What must not have happened; empty when the attack failed as it should.
    """

    name: str
    score: float
    total: float
    unearned: float
    waits: float
    flags: tuple[str, ...]
    outcomes: str
    problems: tuple[str, ...]
    seconds: float


def complaints(
    attack: Attack, report: SubmissionReport, assignment: Assignment, observed: Observed
) -> Iterator[str]:
    """Say what came of `attack` that should not have."""
    yield from observed.harm
    if observed.growth > MOST_MEMORY:
        yield f"the grader grew by {observed.growth / 2**20:.0f} MiB"
    if attack.readable == bool(report.error):
        yield f"it was {'not taken in: ' + report.error if report.error else 'taken in'}"
    yield from _points(attack, report, assignment)
    yield from _flags(attack, report)
    for name, text in observed.pages.items():
        yield from (f"{name}: {each}" for each in _page(name, text, observed.secret))


def earned_parts(attack: Attack, assignment: Assignment) -> frozenset[str]:
    """Return the parts whose points the attack's honest work earns."""
    lost = {name.removeprefix("-") for name in attack.earns if name.startswith("-")}
    solved = EVERYTHING in attack.earns
    return frozenset(
        part.id
        for part in assignment.parts
        if (solved and not part.id.endswith(".accuracy")) or {part.id, part.family} & set(attack.earns)
        if not {part.id, part.family} & lost
    )


def unearned(attack: Attack, report: SubmissionReport, assignment: Assignment) -> float:
    """Return the points of work that is not done: those that it got, and those that are not asked of it."""
    earned = earned_parts(attack, assignment)
    earned |= {each.part for each in report.waiting}
    not_done = [each for each in report.checks if each.scope is Scope.HOMEWORK and each.part not in earned]
    ungraded = {each.part for each in not_done if each.outcome is Outcome.NOT_GRADED and attack.leniency}
    return round(
        sum(each.points for each in not_done) + sum(assignment.part(each).points for each in ungraded), 2
    )


def _points(attack: Attack, report: SubmissionReport, assignment: Assignment) -> Iterator[str]:
    earned = earned_parts(attack, assignment)
    waiting = {each.part for each in report.waiting}
    # Cost cannot tell what is tried out for many entries at once: that staff are told is what there is.
    suspected = attack.flagged == LOOKS_NUMERIC
    yield from (f"{part} waits, though the work is honest" for part in sorted(waiting & earned))
    for check in report.checks:
        if check.scope is not Scope.HOMEWORK:
            continue
        if {check.part, family_of(check.part)} & set(attack.keeps):
            continue
        if check.outcome.excused:
            yield f"{check.id} left the total: {check.outcome} {check.message} {check.staff_note}"
        elif check.part in earned and not check.outcome.earns:
            yield f"{check.id} ended {check.outcome}, though the work is honest: {check.message} {check.staff_note}"
        elif check.part not in earned | waiting and check.outcome.earns and not suspected:
            yield f"{check.id} ended {check.outcome}, though the work is not done"


def _flags(attack: Attack, report: SubmissionReport) -> Iterator[str]:
    kinds = {flag.kind for flag in report.flags}
    tampered = any(check.outcome is Outcome.TAMPERED for check in report.checks)
    if tampered and TAMPERING not in kinds:
        yield "staff are not told of tampering"
    if attack.flagged and attack.flagged not in kinds:
        yield f"staff see no flag {attack.flagged!r}, only {sorted(kinds)}"
    if TAMPERING in kinds and attack.flagged != TAMPERING:
        yield "it is called tampering, and cannot be told apart from honest work"


def _page(name: str, text: str, secret: str) -> Iterator[str]:
    if secret in text:
        yield "it shows the secret"
    said = _OWN_CODE.sub("", text)
    if BREACH in said:
        at = said.index(BREACH)
        yield f"it got through: {said[at : at + 120]!r}"
    if name.startswith("students/") and HIDDEN in said:
        yield "it shows hidden inputs to the student"
    unprintable = _UNPRINTABLE.search(text)
    if unprintable is not None:
        yield f"it holds the character {unprintable[0]!r}"
    if name.endswith(".html"):
        yield from _Markup(text).problems
    if name.endswith(".csv"):
        cells = (cell for row in csv.reader(io.StringIO(text)) for cell in row)
        yield from (f"the cell {cell[:40]!r} is a formula" for cell in cells if cell.startswith(_FORMULA))


class _Markup(HTMLParser):
    """Finds elements and attributes that our pages never have."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Complain of what loads or runs something."""
        names = [name for name, _ in attrs]
        if tag in {"img", "iframe", "object", "embed", "form", "base", "b"} or "src" in names:
            self.problems.append(f"it holds the element <{tag}>")
        if any(name.startswith("on") for name in names):
            self.problems.append(f"it holds the attributes {names}")

    def handle_data(self, data: str) -> None:
        """Complain of scripts that are not ours."""
        if self.lasttag == "script" and "hostile" in data:
            self.problems.append("it holds a script of the submission")
