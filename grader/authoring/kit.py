"""Make the part of a release with which students check their work and hand it in."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from grader.authoring.vendoring import (
    COPIES,
    STUDENT,
    Grader,
    closure,
    direct_imports,
    imported,
    rename,
    student_path,
)
from grader.course.assignment import Assignment
from grader.course.errors import ReleaseError

PUBLIC = "public"
"""Folder of the public checks, of an assignment and of a student's package."""

REQUIREMENTS = ("invoke>=2.2", "ipython>=8.12", "pytest>=8.0", "rich>=13.7")
"""What the checks, their tasks and their panel run on."""

TASKS = f"{STUDENT}.tasks"
CODE = Path(__file__).resolve().parent.parent
_HEADER = "# Copied from the course's grader. Changes here are undone by the next release.\n"


def kit_files(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of the homework's check package and its tasks; none when the release has no package.

    Raises
    ------
    ReleaseError
        There are no public checks, or one needs a module that is not there.
    """
    package = assignment.release.kit
    if package is None:
        return {}
    grader = Grader(CODE)
    checks = _public_checks(assignment, grader)
    authored = [f"{STUDENT}.{path.stem}" for path in CODE.joinpath("student").glob("[!_]*.py")]
    roots = [STUDENT, *authored, *(name for source in checks.values() for name in imported(source, grader))]
    files = {f"{package}/{PUBLIC}/{name}": rename(source, package) for name, source in checks.items()}
    for module, source in closure(roots, grader).items():
        path = "tasks.py" if module == TASKS else student_path(module, package)
        files[path] = (_HEADER if f"/{COPIES}/" in path else "") + rename(source, package)
    files |= _packages(files, package)
    files[f"{package}/homework.json"] = _homework(assignment)
    return {path: text.encode() for path, text in files.items()}


def _public_checks(assignment: Assignment, grader: Grader) -> dict[str, str]:
    folder = assignment.folder / PUBLIC
    checks = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    if not checks:
        raise ReleaseError(f"{folder} has no checks, but assignment.toml asks for a release.kit; write some")
    return {name: direct_imports(text.replace("\r\n", "\n"), grader) for name, text in checks.items()}


def _packages(files: dict[str, str], package: str) -> dict[str, str]:
    """Return an empty package for every folder of copies."""
    folders = {
        parent
        for path in files
        for parent in PurePosixPath(path).parents
        if parent.parts[:2] == (package, COPIES)
    }
    words = '"""What the checks need of the course\'s grader, copied from it."""\n'
    return {f"{folder}/__init__.py": words for folder in folders}


def _homework(assignment: Assignment) -> str:
    """Return what a student's package knows of its homework."""
    release = assignment.release
    wanted = ("id", "symbol", "points", "title", "builds_on_earlier")
    document = {
        "schema": 1,
        "id": assignment.id,
        "version": assignment.version,
        "title": assignment.title,
        "weights": assignment.weights,
        "answers": release.answers,
        "earlier": release.earlier,
        "given": release.given,
        "notebooks": release.notebooks,
        "support": release.support,
        "parts": [{name: getattr(part, name) for name in wanted} for part in assignment.parts],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
