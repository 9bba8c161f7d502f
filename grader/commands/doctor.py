"""`invoke doctor`: what this machine can do for grading, what it cannot, and what to install."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich.table import Table
from rich.text import Text

from grader.classrun.open import DATA_VARIABLE, data_folder
from grader.commands.terminal import open_console
from grader.course.extension import Build, build_of
from grader.course.repository import Repository
from grader.sandbox import Isolation, ProbeReport, diagnose_isolation

COMPILERS = ("cc", "gcc", "clang")
CLOCK_ROUNDS = 40
FAST_LAYERS = "starter"
"""Where `invoke setup` builds the fast layers."""

STEADY = 1.3
"""A repeated reading may swing by this factor: the timing instrument's grey band takes 1.25 each way."""


class State(StrEnum):
    """How a finding bears on grading."""

    GOOD = "good"
    LIMITED = "limited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about this machine; `advice` is empty when there is nothing to do."""

    subject: str
    state: State
    detail: str
    advice: str = ""


def run_doctor(root: Path) -> int:
    """Print what was found; return non-zero where submissions could not be graded in isolation."""
    console = open_console()
    reports = diagnose_isolation()
    findings = (*isolation_findings(reports), *machine_findings(), *homework_findings(Repository(root)))
    table = Table(box=None, pad_edge=False)
    for heading in ("", "", "", "what to do"):
        table.add_column(heading, overflow="fold")
    styles = {State.GOOD: "green", State.LIMITED: "yellow", State.MISSING: "red"}
    for each in findings:
        state = Text(each.state.value, styles[each.state])
        table.add_row(Text(each.subject), state, Text(each.detail), Text(each.advice))
    console.print(table)
    isolated = any(each.works for each in reports if each.isolation is not Isolation.NONE)
    return 0 if isolated else 1


def isolation_findings(reports: list[ProbeReport]) -> Iterator[Finding]:
    """Say of each tier whether the canary stayed in, and what it tried."""
    for report in reports:
        subject = f"isolation tier {report.isolation.value}"
        if report.works:
            tried = ", ".join(attempt for attempt, _ in report.attempts)
            yield Finding(subject, State.GOOD, f"works: the canary could not {tried}" if tried else "works")
        else:
            yield Finding(subject, State.MISSING, report.reason, report.advice)


def machine_findings() -> Iterator[Finding]:
    """Say what the machine is and how well its CPU clock repeats."""
    yield Finding(
        "machine",
        State.GOOD,
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    )
    compiler = next((found for found in map(shutil.which, COMPILERS) if found), None)
    if compiler is None:
        yield Finding(
            "C compiler", State.MISSING, "none found", "install gcc or clang, then run: invoke setup"
        )
    else:
        yield Finding("C compiler", State.GOOD, _first_line(compiler))
    yield clock_finding(clock_readings())


def clock_readings() -> list[float]:
    """Return CPU seconds of the same small work, over and over."""
    readings = []
    for _ in range(CLOCK_ROUNDS):
        before = time.process_time()
        sum(number * number for number in range(20_000))
        readings.append(time.process_time() - before)
    return readings


def clock_finding(readings: list[float]) -> Finding:
    """Judge the clock by how far a typical reading lies above the shortest."""
    step = time.clock_getres(time.CLOCK_PROCESS_CPUTIME_ID) if sys.platform != "win32" else 1 / 64
    swing = statistics.median(readings) / min(readings) if min(readings) > 0 else float("inf")
    detail = f"steps of {step * 1e9:.0f} ns; typical readings are {swing:.2f} times the shortest"
    if swing <= STEADY:
        return Finding("CPU clock", State.GOOD, detail)
    return Finding("CPU clock", State.LIMITED, detail, "timing takes more rounds here; stop other heavy work")


def homework_findings(repository: Repository) -> Iterator[Finding]:
    """Say whether the fast layers are compiled, with which kernel, and whether the data set is here."""
    support = str(repository.root / FAST_LAYERS)
    sys.path.insert(0, support)
    try:
        fast_layers = importlib.import_module("cs231n.fast_layers")
    finally:
        sys.path.remove(support)
    kernel = fast_layers.kernel_name()
    if kernel == "numpy":
        yield Finding("fast layers", State.LIMITED, "not compiled: NumPy stands in", "run: invoke setup")
    elif build_of(repository.root / FAST_LAYERS / "cs231n") is Build.OUTDATED:
        detail = f"compiled, {kernel} kernel, but older than their sources"
        yield Finding("fast layers", State.LIMITED, detail, "run: invoke setup")
    else:
        yield Finding("fast layers", State.GOOD, f"compiled, {kernel} kernel")
    data = data_folder(None)
    if data is None:
        advice = f"set {DATA_VARIABLE} to the folder with data_batch_1 to test_batch"
        yield Finding("CIFAR-10", State.LIMITED, "not found: CNN.accuracy is not graded", advice)
    else:
        yield Finding("CIFAR-10", State.GOOD, str(data))


def _first_line(compiler: str) -> str:
    answer = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # found by which
    return answer.stdout.partition("\n")[0] or compiler
