"""Temporary folders go, also those of a process that was killed; those of one that lives stay."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.sandbox.scratch import PREFIX

ALONE = """
import sys
from grader.sandbox.scratch import temporary_folder
with temporary_folder("stage-") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""

WITH_A_POOL = """
import sys
from grader.classrun.local import LocalPool
from tests.classrun.deaths import keep_a_folder, work_named
if __name__ == "__main__":
    pool = LocalPool(1, keep_a_folder)
    pool.submit(work_named("0"))
    while not (done := pool.completed()):
        pass
    print(done[0].report.error, flush=True)
    sys.stdin.read()
"""

Start = Callable[[str], tuple[subprocess.Popen[str], Path]]


@pytest.fixture
def start(repository, tmp_path: Path) -> Iterator[Start]:
    """Start a program that makes a folder below `tmp_path`; return its process and the folder."""
    begun = []

    def starter(program: str) -> tuple[subprocess.Popen[str], Path]:
        (tmp_path / "program.py").write_text(program, encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(tmp_path / "program.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(repository.root)},
        )
        begun.append(process)
        return process, Path(process.stdout.readline().strip())

    yield starter
    for each in begun:
        with each:
            each.kill()


def left(folder: Path) -> list[str]:
    """Return the folders of processes, dead or alive."""
    return sorted(path.name for path in folder.glob(f"{PREFIX}*"))


def test_nothing_is_left_by_a_process_that_ends(start: Start, tmp_path: Path) -> None:
    """A process removes its own folder at its end."""
    process, folder = start(ALONE)
    assert folder.is_dir()
    process.communicate()
    assert process.returncode == 0
    assert not left(tmp_path)


def test_a_killed_process_is_cleaned_up_after_and_a_living_one_left_alone(
    start: Start, tmp_path: Path
) -> None:
    """The next process removes what the killed one left, and nothing of one that still runs."""
    killed, its = start(ALONE)
    _, kept = start(ALONE)
    killed.kill()
    killed.wait()
    assert its.is_dir()
    start(ALONE)
    assert not its.parent.exists()
    assert kept.is_dir()
    assert len(left(tmp_path)) == 2


def test_a_pool_whose_parent_was_killed_is_cleaned_up_after(start: Start, tmp_path: Path) -> None:
    """Its processes end with the parent, and the next run removes their folders."""
    parent, folder = start(WITH_A_POOL)
    assert folder.is_dir()
    parent.kill()
    parent.wait()
    worker = os.open(folder.parent, os.O_RDONLY)
    fcntl.flock(worker, fcntl.LOCK_EX)  # comes when the worker has noticed and is gone
    os.close(worker)
    start(ALONE)
    assert not folder.parent.exists()
    assert len(left(tmp_path)) == 1


def test_a_folder_of_the_same_name_that_is_no_folder_is_left_alone(start: Start, tmp_path: Path) -> None:
    """A link is not followed, whatever it is called."""
    (tmp_path / "precious").mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "precious")
    start(ALONE)
    assert (tmp_path / "precious").is_dir()
    assert (tmp_path / f"{PREFIX}link").is_symlink()
