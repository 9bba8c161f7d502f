"""Certify the timing instrument: the same submission, graded over and over beside other work, one verdict."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.bank.samples import solution_modules
from grader.checking.plugin import CheckContext
from grader.checking.run import run_checks
from grader.checking.student import Student
from grader.grading import Grader, GradingPlan, load_grader
from grader.intake import prepare, write_stage
from grader.results import Outcome

PART = "ThreeLayerConvNet.speed"

AT_A_TIME = 10
"""Gradings handed to a process at a time."""

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

WORKLOADS: Mapping[str, int] = {"at full speed": 1, "three times slower": 3, "twenty times slower": 20}
"""How often each workload runs the network: the solution, a vectorised NumPy layer, well into slow."""


def certify_timings(
    executor: Executor, plan: GradingPlan, count: int, hogs: int, tick: Callable[[str], object]
) -> dict[str, Counter[Outcome]]:
    """Grade the speed of each workload `count` times while `hogs` processes keep the cores busy.

    The gradings are shared out over the processes of `executor`, which are load for each other as well.

    Parameters
    ----------
    tick
        Told the workload whenever some gradings of it are done.

    Returns
    -------
    dict
        Workload to how often each outcome came.
    """
    verdicts: dict[str, Counter[Outcome]] = {name: Counter() for name in WORKLOADS}
    starts = range(0, count, AT_A_TIME)
    chunks = [(name, range(start, min(start + AT_A_TIME, count))) for start in starts for name in WORKLOADS]
    with _busy(hogs):
        for (name, _), found in zip(chunks, executor.map(partial(_grade_chunk, plan), chunks), strict=True):
            verdicts[name] += found
            tick(name)
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


def _grade_chunk(plan: GradingPlan, chunk: tuple[str, range]) -> Counter[Outcome]:
    """Grade one workload once for each number, in a process of the pool."""
    grader, (name, numbers) = load_grader(plan), chunk
    files = solution_modules(grader.repository, grader.assignment)
    times = WORKLOADS[name]
    slowed = files[NETWORK] + (REPEATED.format(times=times).encode() if times > 1 else b"")
    return _grade_over_and_over(grader, {**files, NETWORK: slowed}, numbers)


def _grade_over_and_over(grader: Grader, files: Mapping[str, bytes], numbers: range) -> Counter[Outcome]:
    """Stage a submission once, and run its speed check for each number on fresh workers and inputs."""
    submission = prepare("timed", files, grader.assignment, grader.release)
    with TemporaryDirectory(prefix="stage-", dir=grader.box.stages) as folder:
        Path(folder).chmod(0o755)  # the box runs as another user
        stage = write_stage(submission, grader.release, Path(folder))
        with grader.box.showing(stage.roots) as box:
            student = Student(box.worker, stage.modules)
            context = CheckContext(grader.assignment, student, grader.reference, b"")
            context = replace(context, resources={"weights": None, "data": None, "shared": {}})
            contexts = [replace(context, seed=number.to_bytes(4)) for number in numbers]
            runs = [run_checks(each, lambda mark, _check_id: mark.part == PART) for each in contexts]
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
