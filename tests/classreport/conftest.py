"""What tests of the class report share: the made class of the reports' tests, and its homework."""

from __future__ import annotations

import pytest
from hypothesis import settings

from grader.assignment import Assignment
from grader.results import ClassReport
from tests.reporting.samples import cnn as report_homework
from tests.reporting.samples import sample_class

# The behaviour is under test, not the clock of a busy machine.
settings.register_profile("classreport", deadline=None)
settings.load_profile("classreport")


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """Return the homework of the made class."""
    return report_homework()


@pytest.fixture(scope="session")
def report() -> ClassReport:
    """Return the made class of 40, hostile names among them."""
    return sample_class()
