"""The homework that intake's tests take submissions of."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment import Assignment, load_assignment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """Return the convolutional networks homework."""
    return load_assignment(ROOT / "assignments" / "cnn")
