"""Interleaved timing in one process: candidates take turns, so that a machine that slows down slows all of them."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """CPU seconds of one candidate: the median of the rounds and the shortest."""

    median: float
    best: float


def interleaved(candidates: Mapping[str, Work], rounds: int) -> dict[str, Timing]:
    """Time every candidate once a round, after one round that is not counted.

    The clock is the process's CPU time: with one thread it is the time the work takes, and other processes on the
    machine move it least. The collector is off, so that no candidate pays for another's garbage.
    """
    readings: dict[str, list[float]] = {name: [] for name in candidates}
    gc.disable()
    try:
        for number in range(rounds + 1):
            for name, work in candidates.items():
                before = time.process_time()
                work()
                if number:
                    readings[name].append(time.process_time() - before)
    finally:
        gc.enable()
    return {name: Timing(median(each), min(each)) for name, each in readings.items()}


def command_seconds(
    words: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> tuple[float, float]:
    """Run a command; return its seconds by the clock, and of the processor with all that it started and waited for.

    Raises
    ------
    RuntimeError
        It failed, which is more than to say by the exit code 1 that something was found.
    """
    began, before = time.perf_counter(), os.times()
    with TemporaryFile() as said:
        done = subprocess.run(words, cwd=folder, env=environment, stdout=said, stderr=said, check=False)  # noqa: S603
        if done.returncode not in {0, 1}:
            said.seek(0)
            raise RuntimeError(f"{' '.join(map(str, words))} failed:\n{said.read().decode()[-2000:]}")
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, used


def machine() -> str:
    """Return the processor's name and the Python that runs."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return f"{name}, Python {platform.python_version()}"
