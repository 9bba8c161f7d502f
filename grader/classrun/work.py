"""One submission as it travels to a worker, what the worker does with it, and the loop that keeps workers busy.

Work that is lost is given out again; a submission that ends its workers is set aside.
"""

from __future__ import annotations

import os
import platform
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.course.version import verdict_version
from grader.plan import GradingPlan, without_result
from grader.results import Refusal, SubmissionReport
from grader.sandbox import IsolationUnavailable, choose_isolation

ROOT_VARIABLE = "NUMGRADE_ROOT"
"""Names the course's repository on a worker where it is not at the path it has here."""


WATCHDOG_SECONDS = 15 * 60.0
"""Wall time of all of a submission but its notebooks, which have limits of their own."""

BUSY = 4.0
"""How far other work on the machine may stretch the limits of notebooks, as the box counts them."""


MOST_TRIES = 2
"""Processes that one submission may end for no known reason: once may be chance, twice is its doing."""


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


@dataclass(frozen=True, slots=True)
class Ahead:
    """How a class will be graded, told to a process before it gets the first submission."""

    plan: GradingPlan = field(repr=False)
    engine: str


GradeWork = Callable[[Work], SubmissionReport]
"""Grades one submission, in whichever process it is called; travels there by name."""


def allowed_seconds(plan: GradingPlan, assignment: Assignment) -> float:
    """Return how long grading one submission may take before it is ended."""
    if not plan.notebooks:
        return WATCHDOG_SECONDS
    from grader.notebooks.box import notebooks_seconds  # noqa: PLC0415  # few classes need it

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
    return _graded(work, _plan_here(work.plan, work.engine))


def grade_beside(work: Work) -> SubmissionReport:
    """Grade a submission in a process beside the one that has just found out which isolation holds on this machine.

    Raises
    ------
    ExecutorError, AssignmentError, AssignmentBroken
        As `grade_work` says.
    """
    return _graded(work, _plan_here(work.plan, work.engine, proven=True))


def make_ready(ahead: Ahead) -> None:
    """Load what such work needs and open the box; what is wrong is told when there is work."""
    from grader.classrun.preflight import load_or_explain  # noqa: PLC0415  # what grades is loaded where it grades

    with suppress(Exception):
        load_or_explain(_plan_here(ahead.plan, ahead.engine, proven=True)).box.open()


def _graded(work: Work, plan: GradingPlan) -> SubmissionReport:
    from grader.classrun.preflight import load_or_explain  # noqa: PLC0415  # what grades is loaded where it grades

    grader = load_or_explain(plan)
    frame = work.frame if isinstance(work.frame, bytes) else work.frame.read_bytes()
    report = grader.grade_frame(frame, work.sha256)
    if report.sha256 not in {work.sha256, ""}:  # empty where there is no result
        raise ExecutorError(f"submission {work.sha256} came to {_machine()} with other content; run it again")
    return report


@cache
def _plan_here(plan: GradingPlan, engine: str, *, proven: bool = False) -> GradingPlan:
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
            "asked for; bring both to the same state (same files, Python and NumPy, and `numgrade setup` run) and "
            "run it again"
        )
    if plan.data is not None and not plan.data.is_dir():
        raise ExecutorError(f"there is no data set at {plan.data} on {_machine()}; put it there")
    try:
        if not proven:
            choose_isolation(plan.isolation.value)
    except IsolationUnavailable as error:
        raise ExecutorError(f"on {_machine()}: {error}") from error
    return replace(plan, root=root)


def _machine() -> str:
    return platform.node()


@dataclass(frozen=True, slots=True)
class Done:
    """A piece of work and its report."""

    work: Work
    report: SubmissionReport


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece of work whose worker is gone, by its fault or by chance.

    Attributes
    ----------
    reason
        What happened.
    final
        Whether it is known to be the work's doing: to try it again would cost another worker.
    """

    work: Work
    reason: str
    final: bool = False


Completion = Done | Lost


class Executor(Protocol):
    """Hands work out and gives it back, done or lost."""

    @property
    def slots(self) -> int:
        """How many pieces of work it can hold now; 0 while it has no worker."""

    def submit(self, work: Work) -> None:
        """Take on a piece of work; only called while fewer than `slots` are held.

        Raises
        ------
        ExecutorError
            Nobody can take it.
        """

    def completed(self) -> Sequence[Completion]:
        """Wait a while for held work to be done or lost, and return what is; often several, sometimes none.

        Raises
        ------
        ExecutorError
            A worker is not fit for the work, or no worker has come for too long.
        """

    def close(self) -> None:
        """End what was started; held work is given up."""


def run_work(works: Iterable[Work], executor: Executor) -> Iterator[Done]:
    """Yield every piece of work with its report, as soon as it is there, in no particular order.

    Work is drawn from `works` only when there is room for it, so that a class is never in memory at once.
    """
    waiting = iter(works)
    following = next(waiting, None)
    lost: deque[Work] = deque()
    losses: Counter[str] = Counter()
    held = 0
    while held or lost or following:
        while (lost or following) and held < executor.slots:
            if lost:
                executor.submit(lost.popleft())
            elif following:
                executor.submit(following)
                following = next(waiting, None)
            held += 1
        for completion in executor.completed():
            held -= 1
            work = completion.work
            if isinstance(completion, Done):
                yield completion
                continue
            losses[work.sha256] += 1
            if not completion.final and losses[work.sha256] < MOST_TRIES:
                lost.append(work)
            else:
                yield Done(work, without_result(work.sha256, _set_aside(completion)))


def _set_aside(lost: Lost) -> str:
    times = "" if lost.final else f", {MOST_TRIES} times"
    return f"{lost.reason}{times}; staff must look at it"
