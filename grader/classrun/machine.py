"""What this machine can do for grading, what it cannot, and what to install."""

from __future__ import annotations

import importlib
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from grader.classrun.open import data_folder
from grader.course.assignment import Assignment, NotebookRules
from grader.course.libraries import NOTEBOOKS_EXTRA, distribution_of
from grader.course.repository import Build, Course, build_of
from grader.sandbox import ProbeReport

COMPILERS = ("cc", "gcc", "clang")
CLOCK_ROUNDS = 40
_SETUP = "run: numgrade setup"

STEADY = 1.3
"""A repeated reading may swing by this factor: the timing instrument's grey band takes 1.25 each way."""


class Health(StrEnum):
    """How a finding bears on grading."""

    GOOD = "good"
    LIMITED = "limited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing about this machine; `advice` is empty when there is nothing to do."""

    subject: str
    state: Health
    detail: str
    advice: str = ""


def isolation_findings(reports: list[ProbeReport]) -> Iterator[Observation]:
    """Say of each tier whether the canary stayed in, and what it tried."""
    for report in reports:
        subject = f"isolation tier {report.isolation.value}"
        if report.works:
            tried = ", ".join(attempt for attempt, _ in report.attempts)
            yield Observation(
                subject, Health.GOOD, f"works: the canary could not {tried}" if tried else "works"
            )
        else:
            yield Observation(subject, Health.MISSING, report.reason, report.advice)


def machine_findings() -> Iterator[Observation]:
    """Say what the machine is and how well its CPU clock repeats."""
    yield Observation(
        "machine",
        Health.GOOD,
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    )
    compiler = next((found for found in map(shutil.which, COMPILERS) if found), None)
    if compiler is None:
        yield Observation(
            "C compiler", Health.MISSING, "none found", "install gcc or clang, then run: numgrade setup"
        )
    else:
        yield Observation("C compiler", Health.GOOD, _first_line(compiler))
    yield clock_finding(clock_readings())


def clock_readings() -> list[float]:
    """Return CPU seconds of the same small work, over and over."""
    readings = []
    for _ in range(CLOCK_ROUNDS):
        before = time.process_time()
        sum(number * number for number in range(20_000))
        readings.append(time.process_time() - before)
    return readings


def clock_finding(readings: list[float]) -> Observation:
    """Judge the clock by how far a typical reading lies above the shortest."""
    step = time.clock_getres(time.CLOCK_PROCESS_CPUTIME_ID) if sys.platform != "win32" else 1 / 64
    swing = statistics.median(readings) / min(readings) if min(readings) > 0 else float("inf")
    detail = f"steps of {step * 1e9:.0f} ns; typical readings are {swing:.2f} times the shortest"
    if swing <= STEADY:
        return Observation("CPU clock", Health.GOOD, detail)
    return Observation(
        "CPU clock", Health.LIMITED, detail, "timing takes more rounds here; stop other heavy work"
    )


def course_findings(repository: Course) -> Iterator[Observation]:
    """Say whether the support packages of the course are compiled, and whether its data sets are here."""
    course = [repository.load(each) for each in repository.assignment_ids]
    yield from (finding for each in course for finding in requirement_findings(each))
    packages: dict[Path, tuple[str, ...]] = {}
    for each in course:
        for name in each.release.support:  # which several assignments may share
            package = repository.support(each) / name
            packages[package] = packages.get(package, ()) + each.release.fast
    for package, fast in packages.items():
        yield from package_finding(package, build_of(package), kernel_of(package, fast))
    for rules in {each.notebooks.data_variable: each.notebooks for each in course}.values():
        if rules.data_variable is not None:
            yield data_finding(rules)


def requirement_findings(assignment: Assignment) -> Iterator[Observation]:
    """Say what an assignment takes that is not installed."""
    if lacking := not_installed(assignment):
        state = Health.MISSING if assignment.inside or lacking != [NOTEBOOKS_EXTRA] else Health.LIMITED
        detail = f"needs {', '.join(lacking)}, which is not installed"
        yield Observation(f"assignment {assignment.id}", state, detail, install(lacking))


def not_installed(assignment: Assignment) -> list[str]:
    """Return what an assignment takes and is not here, as ``pip install`` calls it."""
    lacking = [NOTEBOOKS_EXTRA] if assignment.release.notebooks and find_spec("matplotlib") is None else []
    return lacking + [distribution_of(each) for each in assignment.libraries if find_spec(each) is None]


def install(lacking: Iterable[str]) -> str:
    """Return what to run in a shell to have it."""
    return f"run: python -m pip install {shlex.join(lacking)}"


def package_finding(package: Path, build: Build, kernel: str) -> Iterator[Observation]:
    """Say how a support package's extension stands; nothing of a package that has none."""
    match build:
        case Build.MISSING:
            yield Observation(
                package.name, Health.LIMITED, f"not compiled: {kernel or 'Python'} stands in", _SETUP
            )
        case Build.OUTDATED:
            detail = f"compiled{_named(kernel)}, but older than its sources"
            yield Observation(package.name, Health.LIMITED, detail, _SETUP)
        case Build.CURRENT:
            yield Observation(package.name, Health.GOOD, f"compiled{_named(kernel)}")


def kernel_of(package: Path, modules: Iterable[str]) -> str:
    """Return what a support package says it computes with, where one of these modules has a ``kernel_name()``."""
    sys.path.insert(0, str(package.parent))
    try:
        for name in modules:
            with suppress(ImportError):  # an extension that is not built
                module = importlib.import_module(f"{package.name}.{name}")
                if hasattr(module, "kernel_name"):
                    return str(module.kernel_name())
    finally:
        sys.path.remove(str(package.parent))
    return ""


def data_finding(rules: NotebookRules) -> Observation:
    """Say whether a data set is where the environment's variable says."""
    data = data_folder(None, rules)
    if data is None:
        advice = f"set {rules.data_variable} to the folder that holds it"
        return Observation("data set", Health.LIMITED, "not found: what needs it is not graded", advice)
    return Observation("data set", Health.GOOD, f"{data}, from {rules.data_variable}")


def _named(kernel: str) -> str:
    return f", {kernel} kernel" if kernel else ""


def _first_line(compiler: str) -> str:
    answer = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # found by which
    return answer.stdout.partition("\n")[0] or compiler
