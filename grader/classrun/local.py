"""Grade on this machine, in processes that live as long as the class; each may die, or be ended, alone."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path

from grader.classrun.options import GradeOptions
from grader.classrun.work import (
    Ahead,
    Completion,
    Done,
    ExecutorError,
    GradeWork,
    Lost,
    Work,
    grade_beside,
    grade_work,
    make_ready,
    run_work,
)
from grader.course.limits import GIBIBYTE
from grader.intake.reader import Reader
from grader.plan import NO_MEMORY
from grader.results import Refusal, SubmissionReport
from grader.sandbox import Isolation, choose_isolation
from grader.sandbox.process import begun, ending

_PATIENCE = 1.0
"""Seconds that one look for completions takes at most."""

_LEAVING_SECONDS = 5.0
"""How long a process may take to clean up when it is asked to end."""

_MEMORY = 4 * GIBIBYTE
"""Address space of a grading process beside what it has at its start; no right submission needs a tenth."""

_KILLED_FIRST = 500
"""Of 1000: when memory runs out, the kernel ends a grading process before the one that keeps the class."""


class LocalPool:
    """Grades in `jobs` processes of this machine, each of which holds one submission at a time.

    So it is known which submission ended a process, and nobody beside it is suspected. A process that died, or was
    ended because its submission took too long, is replaced; no other ever is.

    Parameters
    ----------
    ahead
        Arguments of `load_ahead`, for processes that start at once and load what they will need, forked from this one
        if that can be; else each starts when there is work for it.
    """

    def __init__(
        self, jobs: int, grade: GradeWork = grade_work, ahead: tuple[str, str] | None = None
    ) -> None:
        self.slots = jobs
        self._grade = grade
        self._idle = [_Grading(grade, *ahead) for _ in range(jobs)] if ahead else []
        self._leaving: list[_Grading] = []
        self._held: dict[_Grading, _Held] = {}

    def submit(self, work: Work) -> None:
        """Give a piece of work to an idle process, or to a new one."""
        child = self._idle.pop() if self._idle else _Grading(self._grade)
        try:
            child.connection.send(work)
        except OSError:  # it died while idle, which is nobody's fault
            child.end()
            child = _Grading(self._grade)
            child.connection.send(work)
        self._held[child] = _Held(work, time.monotonic() + work.seconds, _kills_for_memory())

    def make_ready(self, ahead: Ahead) -> None:
        """Have idle processes load and open what the work to come needs."""
        for child in self._idle:
            with contextlib.suppress(OSError):  # it died, which is found out when it gets work
                child.connection.send(ahead)

    def completed(self) -> Sequence[Completion]:
        """Wait until a process has finished, has died or is too late."""
        left = min(held.until for held in self._held.values()) - time.monotonic()
        ready = wait([child.connection for child in self._held], min(max(left, 0.0), _PATIENCE))
        now = time.monotonic()
        ended = [child for child, held in self._held.items() if child.connection in ready or held.until < now]
        return [self._completion(child, self._held.pop(child), child.connection in ready) for child in ended]

    def dismiss(self) -> None:
        """Have every process clean up and go, without waiting for it; what one still holds is given up."""
        for child in (*self._idle, *self._held):
            child.terminate()
            self._leaving.append(child)
        self._idle.clear()
        self._held.clear()

    def close(self) -> None:
        """End every process; what one still holds is given up."""
        self.dismiss()
        while self._leaving:
            self._leaving.pop().end(_LEAVING_SECONDS)

    def _completion(self, child: _Grading, held: _Held, ready: bool) -> Completion:
        if not ready:
            child.end()
            minutes = held.work.seconds / 60
            return Lost(
                held.work, f"grading it took more than {minutes:.0f} minutes and was ended", final=True
            )
        try:
            answer = child.connection.recv()
        except (EOFError, OSError):
            code = child.end(_LEAVING_SECONDS)
            if code == -signal.SIGKILL and _kills_for_memory() > held.kills:
                return Lost(held.work, NO_MEMORY, final=True)
            return Lost(held.work, f"the grading process died ({ending(code)})")
        self._idle.append(child)
        if isinstance(answer, Exception):
            raise answer
        return Done(held.work, answer)


@dataclass(frozen=True, slots=True)
class Early:
    """What begins while the rest of a command is still loaded; whoever began it closes it.

    Attributes
    ----------
    reader, pool
        The processes that will read the class, and grade it.
    isolation
        Waits for what `choose_isolation` finds out, and returns it.
    """

    reader: Reader
    pool: LocalPool
    isolation: Callable[[], Isolation]

    def close(self) -> None:
        """End what is there; work that is still held is given up."""
        self.pool.close()
        self.reader.close()


def begun_early(options: GradeOptions, assignment_id: str) -> Early | None:
    """Begin what a class will need, forked from this process if that can be; None where another machine grades.

    As many processes grade as may have something to do, as far as that can be told so early: fewer than entries in the
    folder of submissions hardly ever.
    """
    if options.scheduler or options.cluster or not (options.jobs or "1").isdecimal():
        return None
    folder = options.submissions
    entries = sum(1 for _ in folder.iterdir()) if folder is not None and folder.is_dir() else 1
    jobs = int(options.jobs or os.cpu_count() or 1)
    reader = Reader.open(options.root, assignment_id, forked=True)
    pool = LocalPool(min(jobs, max(entries, 1)), grade_beside, (str(options.root), assignment_id))
    pool.slots = jobs
    thread = ThreadPoolExecutor(1)  # the first beside this one: from here on nothing can be forked
    isolation = thread.submit(choose_isolation, options.isolation)
    thread.shutdown(wait=False)
    return Early(reader, pool, isolation.result)


def grade_apart(work: Work) -> SubmissionReport:
    """Grade in a process beside this one, which is kept: what a worker of a cluster does.

    Raises
    ------
    ExecutorError
        As `grade_work` says.
    """
    (done,) = run_work([work], _pool_of_one())
    return done.report


@cache
def _pool_of_one() -> LocalPool:
    return LocalPool(1)


@dataclass(frozen=True, slots=True)
class _Held:
    """Work that a process holds, until when it may, and how many processes memory had cost before."""

    work: Work
    until: float
    kills: int


class _Grading:
    """A grading process, and what is sent to it and comes back."""

    def __init__(self, grade: GradeWork, *ahead: str) -> None:
        self._child = begun(f"{__name__}:serve", *ahead, forked=bool(ahead), aloud=True)
        self.connection = Connection(self._child.control.detach())
        self.connection.send(grade)

    def terminate(self) -> None:
        """Ask it to clean up and go."""
        self._child.process.terminate()

    def end(self, seconds: float = 0.0) -> int:
        """End it with all that it started, after `seconds` by force; return its exit code."""
        code = self._child.stop(seconds)
        self.connection.close()
        return code


def serve(descriptor: int, *ahead: str) -> None:
    """Be a grading process: answer each piece of work until the other end hangs up."""
    threading.Thread(target=_end_with_the_other, args=(descriptor,), daemon=True).start()
    _take_less_than_all_memory()
    if ahead:
        from grader.classrun.preflight import load_ahead  # noqa: PLC0415  # what grades is loaded where it grades

        root, assignment_id = ahead
        load_ahead(Path(root), assignment_id)
    signal.signal(
        signal.SIGTERM, lambda _number, _frame: sys.exit()
    )  # until now there is nothing to clean up
    connection = Connection(descriptor)
    grade: GradeWork = connection.recv()
    while True:
        asked = connection.recv()
        if isinstance(asked, Ahead):
            make_ready(asked)
        else:
            connection.send(_answer(grade, asked))


def _answer(grade: GradeWork, work: Work) -> SubmissionReport | Exception:
    """Return the report, or what ends the run: raised in the process that asked, as if it had graded itself."""
    try:
        return grade(work)
    except Refusal as error:
        return error
    except Exception:
        return ExecutorError(f"the grading process failed:\n{traceback.format_exc()}")


def _end_with_the_other(descriptor: int) -> None:
    """End this process as soon as the one that started it is gone, which a killed one cannot see to itself."""
    hung_up = select.poll()
    hung_up.register(descriptor, 0)  # asked for nothing, the kernel still tells of a hang-up
    hung_up.poll()
    os._exit(1)


def _take_less_than_all_memory() -> None:
    """Raise MemoryError here rather than have the kernel look for a process to end; the box sets its own limit."""
    with contextlib.suppress(OSError):  # without /proc nothing is limited
        Path("/proc/self/oom_score_adj").write_text(f"{_KILLED_FIRST}\n", encoding="ascii")
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        before, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = pages * resource.getpagesize() + _MEMORY
        if before == resource.RLIM_INFINITY or limit < before:
            resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _kills_for_memory() -> int:
    """Return how many processes this machine has ended because memory ran out; 0 where it does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0
