"""The fuzzers as steps of ``numgrade validate --certify``: a minute each."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.gate.gate import Found, GateRun, Step
from tests.fuzz import TARGETS

SECONDS = 60

_TOLD = 2000
"""Characters of what the fuzzer says of a failure."""


def steps(run: GateRun) -> Iterator[Step]:
    """Yield one step for each target where everything is asked for."""
    if run.full:
        yield from ((f"fuzzing {target}, {SECONDS} s", partial(fuzz, target)) for target in TARGETS)


def fuzz(target: str, seconds: int = SECONDS) -> Found:
    """Fuzz a target in a process of its own; without atheris that is said and nothing is run."""
    if importlib.util.find_spec("atheris") is None:
        return [
            f"{target} was not fuzzed: atheris is not there (it has no build for this Python or machine)"
        ], []
    with TemporaryDirectory(prefix="fuzzing-") as folder:
        command = [sys.executable, "-m", "tests.fuzz", target, "--seconds", str(seconds), "--found", folder]
        # Of an end by itself nothing tidies up, so what it writes goes where it is thrown away.
        environment = {**os.environ, "TMPDIR": folder}
        done = subprocess.run(  # noqa: S603  # our own program
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            env=environment,
        )
        inputs = [path.read_bytes() for path in Path(folder).glob(f"{target}-*") if path.is_file()]
    ran = [line for line in done.stdout.splitlines() if line.startswith("Done ")]
    if done.returncode or not ran:
        raised = done.stdout.find(" === ")  # else it took too much time or memory, which is said last
        said = done.stdout[raised:] if raised >= 0 else done.stdout[-_TOLD:]
        return [], [f"{target}: {said[:_TOLD]}", *(f"an input of {target}: {each!r}" for each in inputs)]
    return ran, []
