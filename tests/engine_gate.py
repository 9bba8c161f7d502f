"""What this repository adds to `numgrade validate`: the engine is developed here, so its tests are part of it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import certification
from grader.gate.gate import GateRun, Step
from tests import attack_runner
from tests.fuzz import gate as fuzzing


def steps(run: GateRun) -> Iterator[Step]:
    """Yield the attacks on the engine, the trials of its gradient instruments, and the fuzzing of what reads."""
    yield from attack_runner.steps(run)
    yield from certification.steps(run)
    yield from fuzzing.steps(run)
