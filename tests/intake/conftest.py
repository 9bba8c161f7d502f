"""The assignment that intake's tests take submissions of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.assignment import Assignment, load_assignment
from grader.course.repository import Course
from grader.intake.layout import ResolvedLayout, resolve_layout
from grader.intake.prepare import prepare
from grader.intake.release import ReleaseSource
from grader.intake.stage import Stage, write_stage
from tests.intake.homework import handed_in, write_release

ROOT = Path(__file__).parents[2]

Files = dict[str, str | bytes]


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """Return the convolutional networks assignment."""
    return load_assignment(ROOT / "assignments" / "cnn")


@pytest.fixture(scope="session")
def release(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> ReleaseSource:
    """Return a release whose functions say that they are the released ones."""
    root = write_release(tmp_path_factory.mktemp("repository"))
    return ReleaseSource.of(Course(root), assignment)


@pytest.fixture
def resolve(assignment: Assignment, release: ReleaseSource) -> Callable[[Files], ResolvedLayout]:
    """Return a function that finds the layout of a submission of files."""
    return lambda files: resolve_layout(handed_in(files), assignment, release)


@pytest.fixture
def stage(assignment: Assignment, release: ReleaseSource, tmp_path: Path) -> Callable[[Files], Stage]:
    """Return a function that stages a submission of files."""

    def staged(files: Files) -> Stage:
        submission = prepare("alice", files, assignment, release)
        written = write_stage(submission, release, tmp_path / "stage")
        written.carry()
        return written

    return staged
