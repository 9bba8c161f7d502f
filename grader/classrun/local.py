"""Grade on this machine: in this process, or in several of which each may die alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_any

from grader.classrun.executor import Completion, Done, Lost
from grader.classrun.work import GradeWork, Work, grade_here, grade_work
from grader.results import SubmissionReport

_PATIENCE = 1.0
"""Seconds that one look for completions takes at most."""


class InThisProcess:
    """Grades in the calling process: nothing to start, and nothing that could be lost."""

    slots = 1

    def __init__(self, grade: GradeWork = grade_here) -> None:
        self._grade = grade
        self._held: list[Work] = []

    def submit(self, work: Work) -> None:
        """Take on the next piece of work."""
        self._held.append(work)

    def completed(self) -> Sequence[Completion]:
        """Grade what is held."""
        held, self._held = self._held, []
        return [Done(work, self._grade(work)) for work in held]

    def close(self) -> None:
        """Nothing was started."""


class LocalPool:
    """Grades in `jobs` processes of this machine.

    Each process is a pool of its own: when one dies, exactly the submission it was grading is lost, and the others
    go on. A process ends itself when this one is gone.
    """

    def __init__(self, jobs: int, grade: GradeWork = grade_work) -> None:
        self.slots = jobs
        self._grade = grade
        self._idle = [_one_process() for _ in range(jobs)]
        self._held: dict[Future[SubmissionReport], tuple[Work, ProcessPoolExecutor]] = {}

    def submit(self, work: Work) -> None:
        """Give a piece of work to an idle process."""
        process = self._idle.pop()
        try:
            future = process.submit(self._grade, work)
        except BrokenProcessPool:  # it died while idle, which is nobody's fault
            process = _one_process()
            future = process.submit(self._grade, work)
        self._held[future] = work, process

    def completed(self) -> Sequence[Completion]:
        """Wait until a process has finished or died."""
        done = wait(self._held, timeout=_PATIENCE, return_when=FIRST_COMPLETED).done
        return [self._completion(future) for future in done]

    def close(self) -> None:
        """End every process."""
        for process in (*self._idle, *(each for _, each in self._held.values())):
            process.shutdown(wait=True, cancel_futures=True)

    def _completion(self, future: Future[SubmissionReport]) -> Completion:
        work, process = self._held.pop(future)
        try:
            return Done(work, future.result())
        except BrokenProcessPool:
            process.shutdown()
            process = _one_process()
            return Lost(work)
        finally:
            self._idle.append(process)


def _one_process() -> ProcessPoolExecutor:
    """Return a pool of one process, started at its first work.

    It is spawned: the caller may draw its progress from a thread, which a fork breaks.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, which a killed one cannot see to itself.

    An interrupt from the keyboard reaches both; it is the other's to decide what becomes of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for_any([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
