"""What the loop asks of any place where submissions are graded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.classrun.work import Work
from grader.results import SubmissionReport


@dataclass(frozen=True, slots=True)
class Done:
    """A piece of work and its report."""

    work: Work
    report: SubmissionReport


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece of work whose worker is gone, by its fault or by chance."""

    work: Work


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
