"""The state of a compiled extension is told by what lies in its package."""

from __future__ import annotations

import os
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from grader.course.repository import Build, build_of

OURS = f"fast{EXTENSION_SUFFIXES[0]}"
FOREIGN = "fast.cpython-38-s390x-linux-gnu.so"


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({"layers.py": 1}, Build.NONE),
        ({"fast.pyx": 1}, Build.MISSING),
        ({"fast.pyx": 1, FOREIGN: 2}, Build.MISSING),
        ({"fast.pyx": 1, "kernels.h": 2, OURS: 2}, Build.CURRENT),
        ({"fast.pyx": 1, "kernels.c": 3, OURS: 2}, Build.OUTDATED),
        ({"fast.pyx": 1, "fast.c": 3, OURS: 2}, Build.CURRENT),
        ({"fast.pyx": 1, "slow.pyx": 3, OURS: 2, OURS.replace("fast", "slow"): 4}, Build.CURRENT),
    ],
    ids=lambda value: value.value if isinstance(value, Build) else "",
)
def test_the_times_of_what_is_there_tell(tmp_path: Path, files: dict[str, int], state: Build) -> None:
    """Only an extension for this Python counts, and what Cython wrote is no source."""
    for name, time in files.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time, time))
    assert build_of(tmp_path) is state


def test_without_the_package_there_is_nothing_to_build(tmp_path: Path) -> None:
    """An assignment that has no such folder needs no compiler."""
    assert build_of(tmp_path / "none") is Build.NONE
