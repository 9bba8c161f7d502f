"""A class that was taken in: who handed in what, what of it must be graded, and under which terms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from rich.console import Console

from grader.commands.terminal import progress
from grader.course.assignment import Assignment
from grader.course.policy import Attempts
from grader.gradebook import (
    FILE,
    Entered,
    Gradebook,
    Terms,
    enter,
    finished,
    hide_names,
    look_at,
    terms_of,
)
from grader.grading import GradingPlan
from grader.intake import Candidate
from grader.intake.arrivals import Arrival

LONG = 100
"""Submissions from which on reading and writing are worth a bar; fewer are done in no time."""

_KEY_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Class:
    """A class that was taken in, and under what it is graded."""

    book: Gradebook
    section_id: int
    assignment: Assignment
    plan: GradingPlan
    engine: str
    terms: Terms
    entered: tuple[Entered, ...]

    @property
    def wanted(self) -> dict[str, Candidate]:
        """Each content that must be graded, and where it lies; earlier attempts only where one may count."""
        latest: dict[str, Entered] = {}
        for each in sorted(self.entered, key=lambda entered: _age(entered.arrival)):
            latest[each.arrival.student.id] = each
        best = self.assignment.policy.attempts is Attempts.BEST
        return {
            each.sha256: each.arrival.candidate
            for each in (self.entered if best else latest.values())
            if each.sha256 is not None
        }

    def gradings(self) -> dict[str, int]:
        """Return by content the gradings that there are."""
        with self.book.reading() as session:
            return finished(session, self.terms)


def take_in(
    book: Gradebook,
    section_id: int,
    arrivals: Sequence[Arrival],
    assignment: Assignment,
    plan: GradingPlan,
    engine: str,
    console: Console,
    *,
    fresh: bool,
    anonymous: bool | None = None,
    drop: bool = True,
) -> Class:
    """Find out what everybody handed in and enter it, before anything can show it.

    Parameters
    ----------
    anonymous
        Whether names are to be hidden from now on; None leaves that as it is.
    drop
        Whether who is missing now is left out from now on.
    """
    with progress(console, len(arrivals), "Reading", LONG) as step:
        entered = look_at(book, section_id, arrivals, assignment, engine, step)
    enter(book, section_id, entered, drop=drop)
    hide_names(book, section_id, plan.course_key, anonymous=anonymous)
    release = assignment.id, assignment.version, engine
    terms = terms_of(book, release, options_that_matter(plan), fresh=fresh)
    return Class(book, section_id, assignment, plan, engine, terms, entered)


def options_that_matter(plan: GradingPlan) -> str:
    """Return, as text, what of a plan changes results; of the course key only a digest."""
    aside = {"root", "assignment_id", "course_key", "data"}
    options = {each.name: getattr(plan, each.name) for each in fields(plan) if each.name not in aside}
    options["key"] = hashlib.sha256(f"course {plan.course_key}".encode()).hexdigest()[:_KEY_SHOWN]
    options["data"] = plan.data is not None
    return json.dumps(options, sort_keys=True, default=str)


def look_again(group: Class, console: Console) -> Class:
    """Return the class with what lies there by now; who has come since is left to the next run."""
    arrivals = [each.arrival for each in group.entered]
    with progress(console, len(arrivals), "Reading", LONG) as step:
        entered = look_at(group.book, group.section_id, arrivals, group.assignment, group.engine, step)
    enter(group.book, group.section_id, entered, drop=False)
    return replace(group, entered=entered)


def gradebook_at(asked: str, out: Path) -> str | Path:
    """Return where the gradebook is: at the URL or path that was asked for, else beside the reports."""
    if not asked:
        return out / FILE
    return asked if "://" in asked else Path(asked)


def _age(arrival: Arrival) -> tuple[int, float]:
    at = arrival.submitted_at
    return arrival.attempt, at.timestamp() if at is not None else 0.0
