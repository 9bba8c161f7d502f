"""Where submissions are graded: in this process, in several on this machine, or on the workers of a cluster.

One loop, `run_work`, feeds any `Executor` and deals with what goes wrong; the executors know how to hand work out and
to notice that a worker is gone. Work travels by content: a worker needs the homework repository, checked by the
engine's version, and no other file.
"""

from grader.executors.errors import ExecutorError
from grader.executors.interface import Completion, Done, Executor, Lost
from grader.executors.local import InThisProcess, LocalPool
from grader.executors.loop import MOST_TRIES, run_work
from grader.executors.work import GradeWork, Work, grade_work, pack

__all__ = [
    "MOST_TRIES",
    "Completion",
    "Done",
    "Executor",
    "ExecutorError",
    "GradeWork",
    "InThisProcess",
    "LocalPool",
    "Lost",
    "Work",
    "grade_work",
    "pack",
    "run_work",
]
