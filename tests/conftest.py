"""What tests of the whole engine share: this repository, its assignment, and a grader that is loaded once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.grading import Grader, load_grader
from grader.plan import GradingPlan
from grader.sandbox import Isolation, diagnose_isolation

COURSE_KEY = "tests"

# How long an example takes says how busy the machine is, not whether the code is right. CI draws the same examples
# each time, so that a change is judged by itself; everybody else's runs look further.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def repository() -> Course:
    """Return this checkout."""
    return Course.open(Path(__file__).parent)


@pytest.fixture(scope="session")
def cnn(repository: Course) -> Assignment:
    """Return the convolutional networks assignment."""
    return repository.load("cnn")


@pytest.fixture(scope="session")
def tiers() -> frozenset[Isolation]:
    """Return the isolation tiers that work here."""
    return frozenset(report.isolation for report in diagnose_isolation() if report.works)


@pytest.fixture(scope="session")
def grader_in(repository: Course, tiers: frozenset[Isolation]):
    """Return an assignment's grader in a given tier; skips where the tier does not work."""

    def load(tier: Isolation, homework: str = "cnn") -> Grader:
        if tier not in tiers:
            pytest.skip(f"isolation tier {tier} does not work on this machine; `numgrade doctor` says why")
        return load_grader(GradingPlan(repository.root, homework, tier, COURSE_KEY))

    return load


@pytest.fixture(scope="session")
def cifar10(repository: Course) -> Path:
    """Return the folder with CIFAR-10, or skip."""
    folder = Path(os.environ.get("CIFAR10_DIR", repository.root.parent / "shared/data/cifar-10-batches-py"))
    if not (folder / "test_batch").is_file():
        pytest.skip("CIFAR-10 is not on this machine; set CIFAR10_DIR to its folder")
    return folder
