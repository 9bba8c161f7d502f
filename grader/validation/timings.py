"""Certify the timing instrument: the same submission, graded over and over beside other work, one verdict."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.checking.plugin import CheckContext
from grader.checking.run import run_checks_for_each
from grader.checking.student import Student
from grader.grading import Grader
from grader.intake import resolve_layout, stage_submission, submission_from_files
from grader.results import Outcome
from grader.samples import solution_modules
from grader.sandbox import Box, BoxSpec

PART = "ThreeLayerConvNet.speed"

NETWORK = "nndl/cnn.py"

REPEATED = """

_once = ThreeLayerConvNet.loss


def _over_and_over(self, X, y=None):
    for _ in range({times} if y is not None else 1):
        result = _once(self, X, y)
    return result


ThreeLayerConvNet.loss = _over_and_over
"""
"""Makes a network slower by a known factor, so that plain loops need not be waited for a thousand times."""

WORKLOADS: Mapping[str, int] = {"at full speed": 1, "three times slower": 3, "thirty times slower": 30}
"""How often each workload runs the network: the solution, a vectorised NumPy layer, well into slow."""


def certify_timings(grader: Grader, count: int, hogs: int) -> dict[str, Counter[Outcome]]:
    """Grade the speed of each workload `count` times while `hogs` processes keep the cores busy.

    Returns
    -------
    dict
        Workload to how often each outcome came.
    """
    files = solution_modules(grader.repository, grader.assignment)
    verdicts = {}
    with _busy(hogs):
        for name, times in WORKLOADS.items():
            slowed = files[NETWORK] + (REPEATED.format(times=times).encode() if times > 1 else b"")
            verdicts[name] = _grade_over_and_over(grader, {**files, NETWORK: slowed}, count)
    return verdicts


def problems_of(verdicts: Mapping[str, Counter[Outcome]]) -> Iterator[str]:
    """Name every workload that met more than one verdict."""
    for name, outcomes in verdicts.items():
        if len(outcomes) > 1:
            yield f"a network {name} met more than one verdict: {_words(outcomes)}"


def lines_of(verdicts: Mapping[str, Counter[Outcome]]) -> Iterator[str]:
    """Say what verdicts each workload met."""
    for name, outcomes in verdicts.items():
        yield f"a network {name}: {_words(outcomes)}"


def _words(outcomes: Counter[Outcome]) -> str:
    return ", ".join(f"{outcome.value} {times} times" for outcome, times in outcomes.items())


def _grade_over_and_over(grader: Grader, files: Mapping[str, bytes], count: int) -> Counter[Outcome]:
    """Stage and box a submission once, and run its speed check `count` times on fresh workers and inputs."""
    submission = submission_from_files("timed", files)
    with TemporaryDirectory(prefix="stage-") as folder:
        Path(folder).chmod(0o755)  # the box runs as another user
        layout = resolve_layout(submission, grader.assignment, grader.release)
        stage = stage_submission(layout, submission, grader.assignment, grader.release, Path(folder))
        with Box.open(BoxSpec(roots=stage.roots), grader.plan.isolation, grader.assignment.limits) as box:
            student = Student(box.worker, stage.modules)
            context = CheckContext(grader.assignment, student, grader.reference, b"")
            context = replace(context, resources={"weights": None, "data": None, "shared": {}})
            contexts = [replace(context, seed=number.to_bytes(4)) for number in range(count)]
            runs = run_checks_for_each(contexts, lambda mark, _check_id: mark.part == PART)
    return Counter(record.verdict.outcome for records in runs for record in records)


@contextmanager
def _busy(hogs: int) -> Iterator[None]:
    """Keep `hogs` cores busy with arithmetic meanwhile."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_burn, daemon=True) for _ in range(hogs)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def _burn() -> None:
    number = 1
    while True:
        number = number * 48271 % 2147483647
