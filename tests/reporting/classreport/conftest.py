"""What tests of the class report share: the made class of the reports' tests, and its homework."""

from __future__ import annotations

import pytest

from grader.course.assignment import Assignment
from grader.results import ClassReport
from tests.reporting.samples import cnn as report_homework
from tests.reporting.samples import sample_class


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """Return the homework of the made class."""
    return report_homework()


@pytest.fixture(scope="session")
def report() -> ClassReport:
    """Return the made class of 40, hostile names among them."""
    return sample_class()
