"""Certify the parts that judge speed: a submission, graded over and over beside other work, meets one verdict."""

from __future__ import annotations

import inspect
import multiprocessing
import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType, ModuleType

from grader import checking
from grader.bank.entries import Variant
from grader.bank.rebuild import as_files, named_in
from grader.bank.samples import solution_modules
from grader.checking.run import CHECKS, Check, CheckContext, load_checks, run_checks
from grader.checking.student import Student
from grader.course.assignment import Assignment, Part
from grader.grading import Grader, load_grader
from grader.instruments import timing
from grader.intake import prepare, write_stage
from grader.plan import GradingPlan
from grader.results import Outcome

AT_A_TIME = 10
"""Gradings handed to a process at a time."""

REPEATED = """
_once = {call}


def _over_and_over(*arguments, **named):
    for _ in range({times}):
        result = _once(*arguments, **named)
    return result


{call} = _over_and_over
"""
"""Makes a call slower by a known factor, so that slow code need not be waited for a thousand times."""


@dataclass(frozen=True, slots=True)
class Workload:
    """The solution with the call that a part times made slower.

    Attributes
    ----------
    part
        The part that judges speed.
    times
        How often the call does its work; 1 is the solution itself.
    """

    part: str
    times: int

    def __str__(self) -> str:
        """Say it for a person."""
        return f"{self.part} {'at full speed' if self.times == 1 else f'{self.times} times slower'}"


def workloads(assignment: Assignment) -> tuple[Workload, ...]:
    """Return what is graded over and over for the parts of an assignment that judge speed."""
    timed = ((part.id, part.timed) for part in assignment.parts if part.timed is not None)
    return tuple(Workload(part, times) for part, rule in timed for times in (1, *rule.slower))


def uncertified(assignment: Assignment) -> Iterator[str]:
    """Name the parts whose checks take the time, and that do not say of what: nobody would try them under load."""
    checks = load_checks(assignment.folder).in_order(assignment)
    timed = {check.mark.part for check in checks if _takes_time(check, assignment.folder / CHECKS)}
    for part in assignment.parts:
        if part.id in timed and part.timed is None:
            yield f"part {part.id} judges speed and is not certified: say what it times, as timed = {{ call = ... }}"


def _takes_time(check: Check, folder: Path) -> bool:
    """Whether a check can come to use the instrument for speed, by itself or by what checks have in common."""
    own = (str(folder), str(Path(checking.__file__).parent))
    found, waiting = set[object](), list(check.functions())
    while waiting:
        each = waiting.pop()
        if timing.__name__ in {getattr(each, "__module__", ""), getattr(each, "__name__", "")}:
            return True
        code = inspect.unwrap(each).__code__.co_filename if isinstance(each, FunctionType) else ""
        if (isinstance(each, type) or code.startswith(own)) and id(each) not in found:
            found.add(id(each))
            waiting.extend(named_in(each))
            waiting.extend(_of_modules(each) if isinstance(each, FunctionType) else ())
    return False


def _of_modules(function: FunctionType) -> list[object]:
    """Return what a function may look up in the modules that it names, as in ``grader.assert_faster``."""
    named = [function.__globals__.get(name) for name in function.__code__.co_names]
    modules = [each for each in named if isinstance(each, ModuleType)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that NumPy is about to drop, which nobody looks up here
        return [getattr(module, name, None) for module in modules for name in function.__code__.co_names]


def certify_timings(
    executor: Executor,
    plan: GradingPlan,
    loads: Sequence[Workload],
    count: int,
    tick: Callable[[str], object],
) -> dict[Workload, Counter[Outcome]]:
    """Grade the speed of each workload `count` times while every core is kept busy.

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
    verdicts: dict[Workload, Counter[Outcome]] = {each: Counter() for each in loads}
    jobs = chunks(loads, count)
    with _busy(os.cpu_count() or 1):
        for (load, _), found in zip(jobs, executor.map(partial(_grade_chunk, plan), jobs), strict=True):
            verdicts[load] += found
            tick(str(load))
    return verdicts


def chunks(loads: Sequence[Workload], count: int) -> list[tuple[Workload, range]]:
    """Return what processes are handed to grade each workload `count` times: which one, and as which gradings."""
    starts = range(0, count, AT_A_TIME)
    return [(load, range(start, min(start + AT_A_TIME, count))) for start in starts for load in loads]


def problems_of(verdicts: Mapping[Workload, Counter[Outcome]]) -> Iterator[str]:
    """Name every workload that met more than one verdict."""
    for load, outcomes in verdicts.items():
        if len(outcomes) > 1:
            yield f"{load} met more than one verdict: {_words(outcomes)}"


def lines_of(verdicts: Mapping[Workload, Counter[Outcome]]) -> Iterator[str]:
    """Say what verdicts each workload met."""
    for load, outcomes in verdicts.items():
        yield f"{load}: {_words(outcomes)}"


def _words(outcomes: Counter[Outcome]) -> str:
    return ", ".join(f"{outcome.value} {times} times" for outcome, times in outcomes.items())


def _grade_chunk(plan: GradingPlan, chunk: tuple[Workload, range]) -> Counter[Outcome]:
    """Grade one workload once for each number, in a process of the pool."""
    grader, (load, numbers) = load_grader(plan), chunk
    files = solution_modules(grader.repository, grader.assignment)
    slower = as_files(slowed(grader.assignment.part(load.part), load.times), files)
    return _grade_over_and_over(grader, slower, load.part, numbers)


def slowed(part: Part, times: int) -> Variant:
    """Return the entry that makes what a part times do its work several times; once changes nothing."""
    call = part.timed.call if part.timed is not None else part.symbol
    symbols, code = ((part.symbol,), REPEATED.format(call=call, times=times)) if times > 1 else ((), "")
    return Variant(f"slower_{times}", "", "", symbols, form="", layout="", code=code)


def _grade_over_and_over(
    grader: Grader, files: Mapping[str, bytes], part: str, numbers: range
) -> Counter[Outcome]:
    """Stage a submission once, and run its speed check for each number on fresh workers and inputs."""
    submission = prepare("timed", files, grader.assignment, grader.release)
    with TemporaryDirectory(prefix="stage-", dir=grader.box.stages) as folder:
        Path(folder).chmod(0o755)  # the box runs as another user
        stage = write_stage(submission, grader.release, Path(folder))
        with grader.box.showing(stage.roots) as box:
            student = Student(box.worker, stage.submission.modules)
            context = CheckContext(grader.assignment, student, grader.reference, b"")
            context = replace(context, resources={"weights": None, "data": None, "shared": {}})
            contexts = [replace(context, seed=number.to_bytes(4)) for number in numbers]
            runs = [run_checks(each, lambda mark, _check_id: mark.part == part) for each in contexts]
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
