"""One submission as it travels to a worker, and what the worker does with it."""

from __future__ import annotations

import io
import os
import platform
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from grader.course.repository import Repository
from grader.course.version import verdict_version
from grader.grading import GradingPlan, load_grader
from grader.intake import prepare
from grader.results import SubmissionReport
from grader.sandbox import IsolationUnavailable, choose_isolation

ROOT_VARIABLE = "NUMGRADE_ROOT"
"""Names the homework repository on a worker where it is not at the path it has here."""


_LENGTH = 8
"""Bytes of a length in a packed submission."""


class ExecutorError(Exception):
    """No worker can be had, or one is not fit for the work; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Work:
    """A submission to grade, whole: no path of it means anything to a worker.

    Attributes
    ----------
    engine
        The version of the engine that must grade it.
    sha256
        Of its content; also its name, since no grading depends on whose it is.
    packed
        Its files, as `pack` packs them.
    """

    plan: GradingPlan = field(repr=False)
    engine: str
    sha256: str
    packed: bytes = field(repr=False)


GradeWork = Callable[[Work], SubmissionReport]
"""Grades one submission, in whichever process it is called; travels there by name."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the files as one compressed block: each path and content behind its length."""
    pieces = []
    for path, content in files.items():
        for each in (path.encode("utf-8", "surrogatepass"), content):
            pieces += [len(each).to_bytes(_LENGTH, "big"), each]
    return zlib.compress(b"".join(pieces), level=1)


def unpack(packed: bytes) -> dict[str, bytes]:
    """Return the files that `pack` packed."""
    stream = io.BytesIO(zlib.decompress(packed))
    files = {}
    while length := stream.read(_LENGTH):
        path = stream.read(int.from_bytes(length, "big")).decode("utf-8", "surrogatepass")
        files[path] = stream.read(int.from_bytes(stream.read(_LENGTH), "big"))
    return files


def grade_work(work: Work) -> SubmissionReport:
    """Grade a submission in a worker's process.

    Raises
    ------
    ExecutorError
        This worker has another engine, data set or isolation than the work asks for, or the content is damaged.
    """
    return grade_here(replace(work, plan=_plan_here(work.plan, work.engine)))


def grade_here(work: Work) -> SubmissionReport:
    """Grade a submission with the engine that this process has loaded."""
    grader = load_grader(work.plan)
    submission = prepare(work.sha256, unpack(work.packed), grader.assignment, grader.release)
    if submission.sha256 != work.sha256:
        raise ExecutorError(f"submission {work.sha256} came to {_machine()} with other content; run it again")
    return grader.grade_read(submission)


@cache
def _plan_here(plan: GradingPlan, engine: str) -> GradingPlan:
    """Return the plan as it holds on this machine, once per process; refuse what could not grade alike."""
    root = Path(os.environ.get(ROOT_VARIABLE) or plan.root)
    if not (root / "assignments").is_dir():
        raise ExecutorError(
            f"there is no homework repository at {root} on {_machine()}; set {ROOT_VARIABLE} there to its path"
        )
    repository = Repository(root)
    here = verdict_version(repository, repository.load(plan.assignment_id))
    if here != engine:
        raise ExecutorError(
            f"the repository {root} on {_machine()} holds version {here} of engine and homework, and {engine} is "
            "asked for; bring both to the same state (same files, Python and NumPy, and `invoke setup` run) and "
            "run it again"
        )
    if plan.data is not None and not plan.data.is_dir():
        raise ExecutorError(f"there is no data set at {plan.data} on {_machine()}; put it there")
    try:
        choose_isolation(plan.isolation.value)
    except IsolationUnavailable as error:
        raise ExecutorError(f"on {_machine()}: {error}") from error
    return replace(plan, root=root)


def _machine() -> str:
    return platform.node()
