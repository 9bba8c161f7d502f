"""The engine's version: a hash of everything that decides a verdict, so that a changed check is graded again."""

from __future__ import annotations

import hashlib
import json
import platform
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import grader
from grader.course.assignment import ASSIGNMENT_FILE, Assignment
from grader.course.extension import build_of
from grader.course.repository import Repository

WITHOUT_VERDICT = frozenset({"classrun", "commands", "gate", "gradebook", "reporting", "student"})
"""Rooms of the engine that hand work out, keep and show it, or run at a student's: no score depends on them."""

NOT_CHECKS = frozenset({"samples"})
"""Folders of an assignment that grading does not read."""

POLICY = "policy"
"""Table of assignment.toml that is applied to results and never to a grading: a due date may be put off."""

_BUILT_FOLDERS = frozenset({"__pycache__", "build"})
_BUILT_SUFFIXES = (".pyc", ".so", ".pyd", "_cython.c")
_SHOWN = 16


def engine_version(repository: Repository, assignment: Assignment) -> str:
    """Return the version of engine, homework, solution and given code together, with Python's and NumPy's.

    Of the compiled fast layers the sources count, and whether they are built and up to date. What the compiler made of
    them does not: machines with different compilers grade a class together, and one that never built them is refused.
    """
    digest = hashlib.sha256()
    builds = _builds(repository, assignment)
    versions = [platform.python_version_tuple()[:2], np.__version__, _description(assignment), builds]
    digest.update(json.dumps(versions, default=str, sort_keys=True).encode())
    trees = {
        "engine": (Path(grader.__file__).parent, WITHOUT_VERDICT),
        "assignment": (assignment.folder, NOT_CHECKS),
        "solution": (repository.solution(assignment), frozenset[str]()),
        "starter": (repository.starter(assignment), frozenset[str]()),
        "support": (repository.support(assignment), frozenset[str]()),
    }
    for name, (folder, left_out) in trees.items():
        _add_tree(digest, name, folder, left_out)
    return digest.hexdigest()[:_SHOWN]


def presentation_version(assignment: Assignment) -> str:
    """Return the version of what pages are made with, beside the results they show."""
    digest = hashlib.sha256((assignment.folder / ASSIGNMENT_FILE).read_bytes())
    _add_tree(digest, "reporting", Path(grader.__file__).parent / "reporting", frozenset())
    return digest.hexdigest()[:_SHOWN]


def _add_tree(digest: hashlib._Hash, name: str, folder: Path, left_out: frozenset[str]) -> None:
    for path in _files(folder, left_out):
        content = b"" if path.name == ASSIGNMENT_FILE else path.read_bytes()
        place = f"{name}/{path.relative_to(folder).as_posix()}".encode()
        digest.update(f"{len(place)} {len(content)} ".encode() + place + content)


def _builds(repository: Repository, assignment: Assignment) -> dict[str, str]:
    folder = repository.support(assignment)
    return {name: build_of(folder / name).value for name in assignment.release.support}


def _description(assignment: Assignment) -> dict[str, object]:
    document = tomllib.loads((assignment.folder / ASSIGNMENT_FILE).read_text(encoding="utf-8"))
    return {name: value for name, value in document.items() if name != POLICY}


def _files(folder: Path, left_out: frozenset[str]) -> Iterator[Path]:
    """Yield what was written below `folder`, in a fixed order; nothing that a build or a run leaves behind."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in left_out:
            continue
        if path.is_dir():
            if path.name not in _BUILT_FOLDERS:
                yield from _files(path, frozenset())
        elif not path.name.endswith(_BUILT_SUFFIXES):
            yield path
