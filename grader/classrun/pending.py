"""Grade what of a class has no result yet, beside other graders of the same gradebook, and keep what comes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from grader.classrun.cluster import CLUSTERS, connected, started, unprotected
from grader.classrun.local import LocalPool
from grader.classrun.open import ClassRun, rescan
from grader.classrun.options import GradeOptions
from grader.classrun.work import Executor, ExecutorError, Work, allowed_seconds, grade_beside, run_work
from grader.gradebook import Claim
from grader.intake import Candidate
from grader.plugins import EntryGroup, added
from grader.progress import Notice, Progress, begin
from grader.reporting.text import listed, one_line

WAITING_SECONDS = 1.0
"""Between two looks at what another grader has in work."""

LOOKS = 2
"""How often a class is read while its submissions change."""

_LONGEST_ID = 40
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Backend:
    """Where submissions are graded: `jobs` processes here, a scheduler's workers, or a cluster to be started."""

    jobs: int
    scheduler: str = ""
    cluster: str = ""

    @classmethod
    def of(cls, options: GradeOptions) -> Self:
        """Return the backend that the options name.

        Raises
        ------
        ExecutorError
            There is none such.
        """
        if options.scheduler and options.cluster:
            raise ExecutorError(
                "give --scheduler for workers that run already, or --cluster to start some, not both"
            )
        known = (*CLUSTERS, *added(EntryGroup.CLUSTERS))
        if options.cluster and options.cluster not in known:
            raise ExecutorError(f"there is no cluster {options.cluster!r}; there are {' and '.join(known)}")
        return cls(_number_of_jobs(options.jobs), options.scheduler, options.cluster)


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of grading a class: the class as it was last read, and the contents that this run graded."""

    run: ClassRun
    gradings: Mapping[str, int]
    contents: frozenset[str]

    @property
    def counts(self) -> tuple[int, int]:
        """How many submissions are as they had been, and how many were graded."""
        wanted = self.run.wanted
        counted = [sha256 for each in self.run.received if (sha256 := each.content.sha256) in wanted]
        new = sum(sha256 in self.contents for sha256 in counted)
        return len(counted) - new, new


@dataclass
class _Round:
    """One pass over what has no result: what is graded by now, by whom, and what turned out to have changed.

    Attributes
    ----------
    gradings
        By content, those of this run and of others.
    claims
        What has been claimed already.
    """

    run: ClassRun
    executor: Executor
    step: Callable[[str], None]
    claims: dict[str, Claim]
    gradings: dict[str, int]
    graded: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)

    def grade(self, pending: Mapping[str, Candidate]) -> dict[str, Candidate]:
        """Grade what can be claimed of `pending`; return what others have claimed."""
        held: dict[str, Claim] = {}
        others: dict[str, Candidate] = {}
        for done in run_work(self._works(pending, held, others), self.executor):
            sha256 = done.work.sha256
            self.run.frames.drop(sha256)
            claim = held.pop(sha256)
            if self.run.claims.complete(claim, done.report):
                self.gradings[sha256] = claim.grading_id
                self.graded.add(sha256)
                self.step(pending[sha256].id)
            else:
                others[sha256] = pending[sha256]
        return others

    def wait(self, others: dict[str, Candidate]) -> dict[str, Candidate]:
        """Take over what others have finished or left behind; return what they have in work."""
        status = self.run.claims.status(self.run.registered.key)
        for sha256 in others.keys() & status.finished.keys():
            self.gradings[sha256] = status.finished[sha256]
            self.step(others.pop(sha256).id)
        left = {sha256: where for sha256, where in others.items() if sha256 not in status.busy}
        busy = {sha256: where for sha256, where in others.items() if sha256 in status.busy}
        return busy | self.grade(left)

    def _works(
        self, pending: Mapping[str, Candidate], held: dict[str, Claim], others: dict[str, Candidate]
    ) -> Iterator[Work]:
        store, key = self.run.claims, self.run.registered.key
        for sha256, candidate in pending.items():
            claim = self.claims.pop(sha256, None) or store.claim(sha256, key)
            if claim is None:
                others[sha256] = candidate
                continue
            work = self._work(sha256, candidate)
            if work is None:
                store.give_back(claim)
                self.changed.append(candidate.id)
                self.step(candidate.id)
            else:
                held[sha256] = claim
                yield work

    def _work(self, sha256: str, candidate: Candidate) -> Work | None:
        """Return a submission as it was read; None when it is no longer what it was when it was registered."""
        run = self.run
        frame = run.frames.frame(sha256, candidate)
        if frame is None:
            return None
        return Work(run.plan, run.engine, sha256, frame, allowed_seconds(run.plan, run.assignment))


def grade_pending(
    run: ClassRun, backend: Backend, progress: Progress, early: LocalPool | None = None
) -> Graded:
    """Grade every content that has no result yet; what changes meanwhile is read once more.

    Parameters
    ----------
    early
        Processes that are there already; whoever started them ends them.
    """
    gradings, graded = dict(run.registered.finished), set[str]()
    for look in range(LOOKS):
        changed = _grade_once(run, backend, progress, gradings, graded, early)
        if not changed:
            break
        names = listed([one_line(each, _LONGEST_ID) for each in changed], _NAMED)
        if look + 1 < LOOKS:
            progress(Notice(f"Changed while the class was being graded, and read again: {names}"))
            run = rescan(run, progress)
            gradings |= run.registered.finished
        else:
            progress(
                Notice(f"Still changing, so not graded as they are now: {names}. Run this again", urgent=True)
            )
    return Graded(run, gradings, frozenset(graded))


def _grade_once(
    run: ClassRun,
    backend: Backend,
    progress: Progress,
    gradings: dict[str, int],
    graded: set[str],
    early: LocalPool | None,
) -> list[str]:
    """Grade what is not in `gradings` and add it there; return the names of what is no longer what was read."""
    pending = {sha256: where for sha256, where in run.wanted.items() if sha256 not in gradings}
    if not pending:
        return []
    if backend.scheduler and (warning := unprotected(backend.scheduler)):
        progress(Notice(warning, urgent=True))
    with _executor(backend, len(pending), early) as executor:
        step = begin(progress, "Grading", len(pending))
        turn = _Round(run, executor, step, dict(run.registered.claims), gradings, graded)
        others = turn.grade(pending)
        if others and (others := turn.wait(others)):
            progress(Notice(f"Waiting for {len(others)} that another grader has in work"))
        while others:
            time.sleep(WAITING_SECONDS)
            others = turn.wait(others)
    return turn.changed


@contextmanager
def _executor(backend: Backend, count: int, early: LocalPool | None) -> Iterator[Executor]:
    if early is not None:
        try:
            yield early
        finally:
            early.dismiss()
    elif backend.scheduler:
        with connected(backend.scheduler) as executor:
            yield executor
    elif backend.cluster in added(EntryGroup.CLUSTERS):
        with added(EntryGroup.CLUSTERS)[backend.cluster](min(backend.jobs, count)) as executor:
            yield executor
    elif backend.cluster:
        with started(backend.cluster, min(backend.jobs, count)) as executor:
            yield executor
    else:
        local = LocalPool(min(backend.jobs, count), grade_beside)
        try:
            yield local
        finally:
            local.close()


def _number_of_jobs(asked: str) -> int:
    if not asked:
        return os.cpu_count() or 1
    if not asked.isdecimal() or int(asked) < 1:
        raise ExecutorError(f"--jobs is {asked}; give a number of 1 or more")
    return int(asked)
