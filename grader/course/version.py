"""Two hashes: of all that judges, so that a changed check is graded again, and of all that shows what was judged."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

import grader
from grader.course.assignment import ASSIGNMENT_FILE, Assignment
from grader.course.libraries import installed_versions
from grader.course.repository import BUILT_FOLDERS, Course, build_of

JUDGING = (
    "authoring/notebooks.py",
    "bank",
    "checking",
    "course/assignment.py",
    "course/data_sets.py",
    "course/description.py",
    "course/inside.py",
    "course/libraries.py",
    "course/limits.py",
    "course/regions.py",
    "course/releases.py",
    "grading.py",
    "instruments",
    "intake",
    "notebooks",
    "plan.py",
    "reference.py",
    "results.py",
    "sandbox",
    "scoring.py",
)
"""What of the engine a verdict, its message, its figure or an executed notebook may depend on.

All else, gradebook, policy and pages above all, is what kept verdicts are shown with.
"""

NOT_JUDGING = frozenset({"bank/samples.py", "intake/arrivals.py", "intake/lms"})
"""In those rooms: the built-in class, and who handed something in."""

NOT_READ = frozenset({"samples", "variants"})
"""Folders of an assignment that grading does not read."""

_SHOWN_ALONE = frozenset({"draft", "policy", "title"})
"""In assignment.toml: what is applied to kept verdicts or only shown. A due date may be put off."""

_SHOWN_OF_A_PART = frozenset({"points", "title"})

_BUILT_SUFFIXES = (".pyc", ".so", ".pyd", "_cython.c")
_LENGTH = 16


def verdict_version(repository: Course, assignment: Assignment) -> str:
    """Return the version of all that judges: engine, assignment, solution and given code, with Python's and NumPy's.

    So are the versions of the libraries that the assignment names.

    Points, titles and policy are not in it: they are applied to kept verdicts. Of the compiled fast layers the sources
    count, and whether they are built and up to date. What the compiler made of them does not: machines with different
    compilers grade a class together, and one that never built them is refused.
    """
    digest = hashlib.sha256()
    builds = _builds(repository, assignment)
    libraries = installed_versions(assignment.libraries)
    layouts = [each.model_dump() for each in assignment.layouts]  # an installed package may add some
    python = platform.python_version_tuple()[:2]
    versions = [python, np.__version__, _judged(assignment), layouts, builds, libraries]
    digest.update(json.dumps(versions, default=str, sort_keys=True).encode())
    for path, where in _engine_files():
        if judges(where):
            _add(digest, f"engine/{where}", path)
    trees = {
        "assignment": (assignment.folder, NOT_READ),
        "solution": (repository.solution(assignment), frozenset[str]()),
        "starter": (repository.starter(assignment), frozenset[str]()),
        "support": (repository.support(assignment), frozenset[str]()),
    }
    for name, (folder, left_out) in trees.items():
        for path, where in _files(folder, left_out):
            if path.name != ASSIGNMENT_FILE:
                _add(digest, f"{name}/{where}", path)
    return digest.hexdigest()[:_LENGTH]


def presentation_version(assignment: Assignment) -> str:
    """Return the version of what final scores and pages are made with, beside the verdicts they are made of."""
    digest = hashlib.sha256((assignment.folder / ASSIGNMENT_FILE).read_bytes())
    digest.update(repr(assignment.policy).encode())  # a due date may take its time zone from the course
    for path, where in _engine_files():
        if not judges(where):
            _add(digest, where, path)
    return digest.hexdigest()[:_LENGTH]


def judges(where: str) -> bool:
    """Say whether verdicts may depend on a file of the engine, named relative to its folder."""
    return _is_in(where, JUDGING) and not _is_in(where, NOT_JUDGING)


def _is_in(where: str, places: Iterable[str]) -> bool:
    return any(where == each or where.startswith(f"{each}/") for each in places)


def _engine_files() -> Iterator[tuple[Path, str]]:
    return _files(Path(grader.__file__).parent, frozenset())


def _add(digest: hashlib._Hash, name: str, path: Path) -> None:
    content = path.read_bytes()
    digest.update(f"{len(name.encode())} {len(content)} ".encode() + name.encode() + content)


def _builds(repository: Course, assignment: Assignment) -> dict[str, str]:
    folder = repository.support(assignment)
    return {name: build_of(folder / name).value for name in assignment.release.support}


def _judged(assignment: Assignment) -> dict[str, object]:
    """Return what assignment.toml says that verdicts may depend on."""
    document = tomllib.loads((assignment.folder / ASSIGNMENT_FILE).read_text(encoding="utf-8"))
    parts = [
        {name: value for name, value in part.items() if name not in _SHOWN_OF_A_PART}
        for part in document["parts"]
    ]
    return {name: value for name, value in document.items() if name not in _SHOWN_ALONE} | {"parts": parts}


def _files(folder: Path, left_out: frozenset[str]) -> Iterator[tuple[Path, str]]:
    """Yield what was written below `folder`, with its place there; nothing that a build or a run leaves behind."""
    found, waiting = list[tuple[str, ...]](), list[tuple[str, ...]]([()])
    while waiting:
        above = waiting.pop()
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder.joinpath(*above)) as entries:
            for each in entries:
                place = (*above, each.name)
                if each.name.startswith(".") or each.name in BUILT_FOLDERS or place[0] in left_out:
                    continue
                if each.is_dir(follow_symlinks=False):
                    waiting.append(place)
                elif each.is_file() and not each.name.endswith(_BUILT_SUFFIXES):
                    found.append(place)
    for place in sorted(found):
        yield folder.joinpath(*place), "/".join(place)
