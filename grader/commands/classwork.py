"""What `grade` and `regrade` share: take a class in, grade what has no result yet, keep it in the gradebook."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.assignment import Assignment
from grader.executors import Executor, InThisProcess, LocalPool, Work, pack, run_work
from grader.executors.cluster import connected, started
from grader.gradebook import (
    FILE,
    Claim,
    Desk,
    Entered,
    Gradebook,
    Taken,
    Terms,
    enter,
    finished,
    hide_names,
    look_at,
    terms_of,
)
from grader.grading import GradingPlan
from grader.intake import Candidate, SubmissionUnreadable, read_submission
from grader.policy import Attempts
from grader.reporting import progress
from grader.roster import Arrival

WAITING_SECONDS = 1.0
"""Between two looks at what another grader has in work."""

LONG = 100
"""Submissions from which on reading and writing are worth a bar; fewer are done in no time."""

_KEY_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where submissions are graded: `jobs` processes here, a scheduler's workers, or a cluster to be started."""

    jobs: int
    scheduler: str = ""
    cluster: str = ""


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


def grade_missing(group: Class, place: Place, console: Console) -> frozenset[str]:
    """Grade every content that has no result yet; return those that were graded by this run."""
    desk, done = Desk(group.book), group.gradings()
    missing = {sha256: where for sha256, where in group.wanted.items() if sha256 not in done}
    if not missing:
        return frozenset()
    graded: set[str] = set()
    with (
        desk.alive(),
        _executor(place, len(missing)) as executor,
        progress(console, len(missing), "Grading") as step,
    ):
        missing = _one_round(group, desk, missing, executor, graded, step)
        if missing:
            console.print(Text(f"Waiting for {len(missing)} that another grader has in work"))
        while missing:
            time.sleep(WAITING_SECONDS)
            missing = _one_round(group, desk, missing, executor, graded, step)
    return frozenset(graded)


def _one_round(
    group: Class,
    desk: Desk,
    missing: dict[str, Candidate],
    executor: Executor,
    graded: set[str],
    step: Callable[[str], None],
) -> dict[str, Candidate]:
    """Grade what can be claimed of `missing`; return what others have in work."""
    claims: dict[str, Claim] = {}
    busy: dict[str, Candidate] = {}

    def works() -> Iterator[Work]:
        for sha256, candidate in missing.items():
            work = _work(group, sha256, candidate)
            claim = Taken(done=True) if work is None else desk.claim(sha256, group.terms)
            if work is not None and isinstance(claim, Claim):
                claims[sha256] = claim
                yield work
            elif isinstance(claim, Taken) and claim.done:
                step(candidate.id)
            else:
                busy[sha256] = candidate

    for done in run_work(works(), executor):
        sha256 = done.work.sha256
        if desk.complete(claims.pop(sha256), done.report):
            graded.add(sha256)
        step(missing[sha256].id)
    return busy


def _work(group: Class, sha256: str, candidate: Candidate) -> Work | None:
    """Return a submission, packed; None when it is no longer what it was when the class was taken in."""
    try:
        submission = read_submission(candidate, group.assignment)
    except SubmissionUnreadable:
        return None
    if submission.sha256 != sha256:
        return None
    return Work(group.plan, group.engine, sha256, pack(submission.files))


def _age(arrival: Arrival) -> tuple[int, float]:
    at = arrival.submitted_at
    return arrival.attempt, at.timestamp() if at is not None else 0.0


@contextmanager
def _executor(place: Place, count: int) -> Iterator[Executor]:
    if place.scheduler:
        with connected(place.scheduler) as executor:
            yield executor
    elif place.cluster:
        with started(place.cluster, min(place.jobs, count)) as executor:
            yield executor
    else:
        jobs = min(place.jobs, count)
        local: Executor = LocalPool(jobs) if jobs > 1 else InThisProcess()
        try:
            yield local
        finally:
            local.close()


def gradebook_at(asked: str, out: Path) -> str | Path:
    """Return where the gradebook is: at the URL or path that was asked for, else beside the reports."""
    if not asked:
        return out / FILE
    return asked if "://" in asked else Path(asked)
