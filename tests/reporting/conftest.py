"""Fixtures for the reports' tests: the assignment and the sample class, made once."""

from __future__ import annotations

import pytest

from grader.course.assignment import Assignment
from grader.results import ClassReport

from .samples import cnn, sample_class


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """Return the CNN assignment."""
    return cnn()


@pytest.fixture(scope="session")
def report() -> ClassReport:
    """Return the sample class of 40."""
    return sample_class()
