"""Keep an executor busy, run lost work again, and set aside what loses its worker time and again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator

from grader.classrun.interface import Done, Executor
from grader.classrun.work import Work
from grader.grading import without_result

MOST_TRIES = 3
"""Workers that one submission may lose."""

SET_ASIDE = f"the grading process died {MOST_TRIES} times on this submission; staff must look at it"


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
            if losses[work.sha256] < MOST_TRIES:
                lost.append(work)
            else:
                yield Done(work, without_result(work.sha256, SET_ASIDE))
