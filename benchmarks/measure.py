"""Interleaved timing in one process: candidates take turns, so that a machine that slows down slows all of them."""

from __future__ import annotations

import gc
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

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


def machine() -> str:
    """Return the processor's name and the Python that runs."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return f"{name}, Python {platform.python_version()}"
