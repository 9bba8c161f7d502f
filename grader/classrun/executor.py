"""What a class asks of any backend, and the loop that keeps one busy: lost work again, what kills workers set aside."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.classrun.work import Work
from grader.grading import without_result
from grader.results import SubmissionReport

MOST_TRIES = 2
"""Processes that one submission may end for no known reason: once may be chance, twice is its doing."""


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
