"""One process seen from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from grader.sandbox.host import threads_of
from grader.sandbox.worker import HostProcess

FORKING = """
import os, sys
from pathlib import Path
from grader.sandbox.process import begun
from grader.sandbox.scratch import scratch_folder

sys.loaded, ours, opened = "loaded", scratch_folder(), open(os.devnull)
print("once", end=" ")
child = begun("tests.sandbox.limited:look_around", forked=len(sys.argv) > 1)
alone, loaded, theirs = child.control.makefile().read().split()
print(alone, loaded, child.stop(5.0), ours.is_dir(), Path(theirs).parent == ours.parent, Path(theirs).exists())
"""


@pytest.mark.parametrize(("forked", "loaded"), [("forked", "loaded"), ("", "nothing")])
def test_a_fork_has_what_is_loaded_and_else_nothing(repository, forked: str, loaded: str) -> None:
    """It shares no open file and no temporary folder, ends with its own code, and cleans up behind itself alone."""
    one_thread = {**os.environ, "PYTHONPATH": str(repository.root), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", FORKING, *forked.split()]
    told = subprocess.run(command, env=one_thread, capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert told.stdout.split() == ["once", "True", loaded, "3", "True", "True", "False"]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing."""
    with subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def test_killed_process_has_ended_and_keeps_its_time(sleeper: subprocess.Popen[bytes]) -> None:
    """A process can be killed once and again, is then known to have ended, and its CPU time stays readable."""
    process = HostProcess(sleeper.pid)
    assert not process.ended(0.0)
    process.kill()
    assert process.ended(5.0)
    used = process.cpu_seconds()
    sleeper.wait()
    process.kill()
    assert process.cpu_seconds() == used
    process.close()


def test_clock_of_this_process_runs() -> None:
    """The CPU clock and the stolen time of a process are never negative and never go back."""
    process = HostProcess(os.getpid())
    first = process.cpu_seconds()
    sum(range(200_000))
    assert process.cpu_seconds() > first > 0
    assert process.stolen_seconds() >= 0
    process.close()


def test_process_that_is_gone_has_no_time() -> None:
    """Of a process number nobody has, nothing is known and nothing raises."""
    process = HostProcess(2**22 - 1)
    assert process.cpu_seconds() == 0
    assert process.stolen_seconds() == 0
    process.kill()


def test_threads_of_this_user_are_counted(sleeper: subprocess.Popen[bytes]) -> None:
    """The count holds at least this process and its child; a user who runs nothing has none."""
    assert sleeper.poll() is None
    assert threads_of(os.geteuid()) >= 2
    assert threads_of(2**31 - 7) == 0
