"""Gradings that are quick and do not grade, some of which end their worker; sent to other processes by name."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from grader.classrun.work import ExecutorError, Work
from grader.intake import contents_of
from grader.plan import GradingPlan
from grader.results import SubmissionReport
from grader.sandbox import Isolation
from grader.sandbox.scratch import scratch_folder

PLAN = GradingPlan(Path(), "cnn", Isolation.NONE, "key")
KILLER = "7"


def work_named(name: str) -> Work:
    """Return work whose name stands for its content."""
    return Work(PLAN, "engine", name, name.encode())


def works(count: int) -> list[Work]:
    """Return work whose names are numbers."""
    return [work_named(str(number)) for number in range(count)]


def grade_quickly(work: Work) -> SubmissionReport:
    """Return a report without grading."""
    submission = contents_of(work.sha256, {})
    return SubmissionReport(submission.id, work.sha256, 1.0, 1.0, "", 0.0)


def keep_a_folder(work: Work) -> SubmissionReport:
    """Make a temporary folder that stays, and report where it is."""
    folder = scratch_folder() / "kept"
    folder.mkdir()
    return replace(grade_quickly(work), error=str(folder))


def die_on_seven(work: Work) -> SubmissionReport:
    """End the process at one submission, as the kernel does when memory runs out."""
    if work.sha256 == KILLER:
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_quickly(work)


def die_the_first_time(work: Work) -> SubmissionReport:
    """End the process at one submission once: the mark left behind keeps it alive the next time."""
    mark = Path(os.environ["DEATH_MARK"])
    if work.sha256 == KILLER and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_quickly(work)


def never_end_on_seven(work: Work) -> SubmissionReport:
    """Take for ever on one submission."""
    while work.sha256 == KILLER:
        time.sleep(1)
    return grade_quickly(work)


def tell_who_grades(work: Work) -> SubmissionReport:
    """Return a report that names the process it was made in, and the one that started it."""
    return replace(grade_quickly(work), error=f"{os.getpid()} {os.getppid()}")


def refuse(work: Work) -> SubmissionReport:
    """Be a worker that is not fit for the work."""
    raise ExecutorError(f"{work.sha256} cannot be graded here")
