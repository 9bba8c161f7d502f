"""Grade a whole class on the cores of this machine; a process that dies costs its own submission only."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from grader.grading import GradingPlan, load_grader, without_result
from grader.intake import Candidate
from grader.results import SubmissionReport

TRIES = 2
"""How often a submission may be in flight when a grading process dies before it is set aside."""

AHEAD = 2
"""Submissions handed out per process: one under way, one waiting. More would only grow memory."""


def grade_class(candidates: Iterable[Candidate], plan: GradingPlan, jobs: int) -> Iterator[SubmissionReport]:
    """Grade every candidate and yield each report as soon as it is there, in no particular order."""
    if jobs <= 1:
        grader = load_grader(plan)
        yield from map(grader.grade, candidates)
        return
    waiting = deque((candidate, 0) for candidate in candidates)
    while waiting:
        yield from _grade_until_broken(waiting, plan, jobs)


def _grade_until_broken(
    waiting: deque[tuple[Candidate, int]], plan: GradingPlan, jobs: int
) -> Iterator[SubmissionReport]:
    """Grade from `waiting` until it is empty or the pool breaks; what was in flight then goes back."""
    running: dict[Future[SubmissionReport], tuple[Candidate, int]] = {}
    # Spawned, not forked: the caller may draw its progress from a thread, and threads do not survive a fork.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        while waiting or running:
            try:
                while waiting and len(running) < jobs * AHEAD:
                    candidate, tries = waiting[0]
                    running[pool.submit(_grade, plan, candidate)] = waiting[0]
                    waiting.popleft()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield future.result()
                    del running[future]
            except BrokenProcessPool:
                for candidate, tries in running.values():
                    if tries + 1 < TRIES:
                        waiting.append((candidate, tries + 1))
                    else:
                        yield _set_aside(candidate)
                return


def _grade(plan: GradingPlan, candidate: Candidate) -> SubmissionReport:
    return load_grader(plan).grade(candidate)


def _set_aside(candidate: Candidate) -> SubmissionReport:
    reason = f"the grading process died {TRIES} times while it graded this submission; staff must look at it"
    return without_result(candidate, reason)
