"""Where submissions are graded: in this process, in several on this machine, or on the workers of a cluster.

One loop, `run_work`, feeds any `Executor` and deals with what goes wrong; the executors know how to hand work out and
to notice that a worker is gone. Work travels by content: a worker needs the homework repository, checked by the
engine's version, and no other file.
"""

from grader.classrun.errors import ExecutorError
from grader.classrun.interface import Completion, Done, Executor, Lost
from grader.classrun.local import InThisProcess, LocalPool
from grader.classrun.loop import MOST_TRIES, run_work
from grader.classrun.work import GradeWork, Work, grade_work, pack

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
