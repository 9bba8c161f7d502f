"""One submission as it travels to a worker, and what the worker does with it."""

from __future__ import annotations

import os
import platform
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from grader.classrun.preflight import load_or_explain
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.course.version import verdict_version
from grader.grading import GradingPlan
from grader.notebooks.box import notebooks_seconds
from grader.results import Refusal, SubmissionReport
from grader.sandbox import IsolationUnavailable, choose_isolation

ROOT_VARIABLE = "NUMGRADE_ROOT"
"""Names the course's repository on a worker where it is not at the path it has here."""


WATCHDOG_SECONDS = 15 * 60.0
"""Wall time of all of a submission but its notebooks, which have limits of their own."""

BUSY = 4.0
"""How far other work on the machine may stretch the limits of notebooks, as the box counts them."""


class ExecutorError(Refusal):
    """No worker can be had, or one is not fit for the work; the message says what to do."""


class Overdue(Exception):
    """Something in this process took longer than the watchdog allows."""


@contextmanager
def watchdog(seconds: float) -> Iterator[None]:
    """End the block with `Overdue` after `seconds`; for what works on one submission in the process of the class.

    A signal does it, which only a main thread hears: elsewhere the block may take as long as it likes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def bark(_number: int, _frame: object) -> None:
        raise Overdue

    before = signal.signal(signal.SIGALRM, bark)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True, slots=True)
class Work:
    """A submission to grade.

    Attributes
    ----------
    engine
        The version of all that judges, which must be the worker's as well.
    sha256
        Of its content; also its name, since no grading depends on whose it is.
    frame
        The submission as the reader handed it over, or the file of this machine that holds it.
    seconds
        How long grading may take.
    """

    plan: GradingPlan = field(repr=False)
    engine: str
    sha256: str
    frame: bytes | Path = field(repr=False)
    seconds: float = WATCHDOG_SECONDS

    def carried(self) -> Work:
        """Return the work with all that a worker on another machine needs."""
        return replace(self, frame=self.frame.read_bytes()) if isinstance(self.frame, Path) else self


GradeWork = Callable[[Work], SubmissionReport]
"""Grades one submission, in whichever process it is called; travels there by name."""


def allowed_seconds(plan: GradingPlan, assignment: Assignment) -> float:
    """Return how long grading one submission may take before it is ended."""
    if not plan.notebooks:
        return WATCHDOG_SECONDS
    return WATCHDOG_SECONDS + BUSY * notebooks_seconds(assignment, with_data=plan.data is not None)


def grade_work(work: Work) -> SubmissionReport:
    """Grade a submission in a worker's process, with a report whatever happens in it.

    Raises
    ------
    ExecutorError
        This worker has another engine, data set or isolation than the work asks for.
    AssignmentError, AssignmentBroken
        The assignment does not load.
    """
    grader = load_or_explain(_plan_here(work.plan, work.engine))
    frame = work.frame if isinstance(work.frame, bytes) else work.frame.read_bytes()
    report = grader.grade_frame(frame, work.sha256)
    if report.sha256 not in {work.sha256, ""}:  # empty where there is no result
        raise ExecutorError(f"submission {work.sha256} came to {_machine()} with other content; run it again")
    return report


@cache
def _plan_here(plan: GradingPlan, engine: str) -> GradingPlan:
    """Return the plan as it holds on this machine, once per process; refuse what could not grade alike."""
    root = Path(os.environ.get(ROOT_VARIABLE) or plan.root)
    if not (root / "assignments").is_dir():
        raise ExecutorError(
            f"there is no course at {root} on {_machine()}; set {ROOT_VARIABLE} there to its path"
        )
    repository = Course(root)
    here = verdict_version(repository, repository.load(plan.assignment_id))
    if here != engine:
        raise ExecutorError(
            f"the repository {root} on {_machine()} holds version {here} of engine and assignment, and {engine} is "
            "asked for; bring both to the same state (same files, Python and NumPy, and `invoke setup` run) and "
            "run it again"
        )
    if plan.data is not None and not plan.data.is_dir():
        raise ExecutorError(f"there is no data set at {plan.data} on {_machine()}; put it there")
    try:
        choose_isolation(plan.isolation.value)
    except IsolationUnavailable as error:
        raise ExecutorError(f"on {_machine()}: {error}") from error
    return replace(plan, root=root)


def _machine() -> str:
    return platform.node()
