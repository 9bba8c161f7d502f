"""A student's folder of an assignment, whose public checks run on this repository's own modules."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from grader.authoring.kit import PUBLIC
from grader.authoring.student_tree import build_tree
from grader.course.repository import Course
from grader.student.workspace import DESCRIPTION, Workspace

REPOSITORY = Course.open(Path(__file__))
PACKAGE = "nndl_check"


@cache
def released(name: str = "cnn") -> dict[str, bytes]:
    """Return what students of an assignment receive."""
    return dict(build_tree(REPOSITORY.load(name), REPOSITORY).files)


def unpack(folder: Path) -> Path:
    """Write the release into `folder` as its archive holds it."""
    for path, content in released().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def make_workspace(folder: Path, *, solved: bool = False, name: str = "cnn") -> Workspace:
    """Return a student's folder with the public checks as they are authored, so that they run in this process."""
    package = REPOSITORY.load(name).release.kit or PACKAGE
    for path, content in released(name).items():
        if not path.startswith(f"{package}/") or path.endswith(DESCRIPTION):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    checks = REPOSITORY.assignments / name / PUBLIC
    shutil.copytree(checks, folder / package / PUBLIC, ignore=shutil.ignore_patterns("__pycache__"))
    if solved:
        solve(folder, name)
    return Workspace.load(folder / package)


def solve(folder: Path, name: str = "cnn") -> None:
    """Put the solution's modules, and notebooks that hold the answers, in place of the stubs."""
    assignment = REPOSITORY.load(name)
    for path in (*assignment.release.answers, *assignment.release.cells):
        shutil.copyfile(REPOSITORY.solution(assignment) / path, folder / path)


def edit(workspace: Workspace, path: str, old: str, new: str) -> None:
    """Replace the first `old` in a file of the assignment."""
    text = (workspace.root / path).read_text(encoding="utf-8")
    assert old in text
    (workspace.root / path).write_text(text.replace(old, new, 1), encoding="utf-8")
