"""Grade a whole class on the cores of this machine; a process that dies costs its own submission only."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from grader.grading import GradingPlan, load_grader, without_result
from grader.intake import Candidate
from grader.results import SubmissionReport

AHEAD = 2
"""Submissions handed out per process: one under way, one waiting. More would only grow memory."""

GradeOne = Callable[[GradingPlan, Candidate], SubmissionReport]
"""Grades one candidate, in whichever process it is called."""


def grade_one(plan: GradingPlan, candidate: Candidate) -> SubmissionReport:
    """Grade one candidate with this process's own grader."""
    return load_grader(plan).grade(candidate)


def grade_class(
    candidates: Iterable[Candidate], plan: GradingPlan, jobs: int, grade: GradeOne = grade_one
) -> Iterator[SubmissionReport]:
    """Grade every candidate and yield each report as soon as it is there, in no particular order.

    With one job everything runs in this process. `grade` travels to the others, so it is a module's function.
    """
    if jobs <= 1:
        for candidate in candidates:
            yield grade(plan, candidate)
        return
    waiting = deque(candidates)
    while waiting:
        suspects = yield from _grade_until_broken(waiting, plan, jobs, grade)
        for candidate in suspects:
            yield _grade_alone(candidate, plan, grade)


def _grade_until_broken(
    waiting: deque[Candidate], plan: GradingPlan, jobs: int, grade: GradeOne
) -> Generator[SubmissionReport, None, tuple[Candidate, ...]]:
    """Grade from `waiting` until it is empty or a process dies; return what was in flight then."""
    running: dict[Future[SubmissionReport], Candidate] = {}
    with _pool(jobs) as pool:
        while waiting or running:
            try:
                while waiting and len(running) < jobs * AHEAD:
                    running[pool.submit(grade, plan, waiting[0])] = waiting[0]
                    waiting.popleft()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield future.result()
                    del running[future]
            except BrokenProcessPool:
                return tuple(running.values())
    return ()


def _grade_alone(candidate: Candidate, plan: GradingPlan, grade: GradeOne) -> SubmissionReport:
    """Grade a candidate in a process of its own, so that no other is blamed if that dies as well."""
    with _pool(1) as pool:
        try:
            return pool.submit(grade, plan, candidate).result()
        except BrokenProcessPool:
            reason = "the grading process died twice on this submission; staff must look at it"
            return without_result(candidate, reason)


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Return a pool of spawned processes: the caller may draw its progress from a thread, which a fork breaks."""
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
