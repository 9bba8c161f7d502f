"""The engine's version: another one exactly when verdicts could be others."""

from __future__ import annotations

import os
import shutil
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from grader.course.repository import Repository
from grader.course.version import engine_version, presentation_version


@pytest.fixture
def copy(repository: Repository, tmp_path: Path) -> Repository:
    """Return a copy of what the version is made of, to be changed."""
    ignore = shutil.ignore_patterns("__pycache__", "build", "*.so", "images")
    for name in ("assignments/cnn", "solutions", "starter"):
        shutil.copytree(repository.root / name, tmp_path / name, ignore=ignore)
    return Repository(tmp_path)


def version(repository: Repository) -> str:
    """Return the version as of now."""
    return engine_version(repository, repository.load("cnn"))


@pytest.mark.parametrize(
    "path",
    [
        "assignments/cnn/checks/new_check.py",
        "assignments/cnn/mistakes/new_mistake.py",
        "solutions/nndl/conv_layers.py",
        "starter/cs231n/layers.py",
        "starter/nndl/cnn.py",
    ],
)
def test_a_changed_check_or_solution_is_another_version(copy: Repository, path: str) -> None:
    """Whatever a verdict may depend on counts, by content and by name; put back, it is the old version."""
    before, target = version(copy), copy.root / path
    content = target.read_bytes() if target.exists() else None
    target.write_bytes((content or b"") + b"\n# changed\n")
    assert version(copy) != before
    target.unlink()
    if content is not None:
        target.write_bytes(content)
    assert version(copy) == before


def test_what_no_verdict_depends_on_leaves_the_version(copy: Repository) -> None:
    """What a build or a run leaves behind, the sample class and the policy change nothing; points do."""
    before = version(copy)
    for path in ("starter/cs231n/__pycache__/x.pyc", "starter/cs231n/build/x.o", "assignments/cnn/samples/x"):
        (copy.root / path).parent.mkdir(parents=True, exist_ok=True)
        (copy.root / path).write_bytes(b"x")
    file = copy.root / "assignments/cnn/assignment.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n[policy]\nlate_days = 3\n", encoding="utf-8")
    assert version(copy) == before
    pages = presentation_version(copy.load("cnn"))
    file.write_text(text.replace("points = 12", "points = 13", 1), encoding="utf-8")
    assert version(copy) != before
    assert presentation_version(copy.load("cnn")) != pages


def test_the_fast_layers_count_as_built_from_their_sources_or_not(copy: Repository) -> None:
    """Not compiled, outdated and compiled are three versions; what the compiler made is not a fourth."""
    package = copy.root / "starter" / "cs231n"
    missing = version(copy)
    extension = package / f"im2col_cython{EXTENSION_SUFFIXES[0]}"
    extension.write_bytes(b"by one compiler")
    compiled = version(copy)
    newer = extension.stat().st_mtime_ns + 10**9
    os.utime(package / "kernels.h", ns=(newer, newer))
    outdated = version(copy)
    assert len({missing, compiled, outdated}) == 3
    extension.write_bytes(b"by another")
    os.utime(extension, ns=(newer, newer))
    assert version(copy) == compiled
