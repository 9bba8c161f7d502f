"""Gradebooks to test with, in a file; tests/end_to_end/gradebook runs the same tests on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.gradebook import (
    Content,
    Gradebook,
    GradingRequest,
    Received,
    Registered,
    Section,
    open_gradebook,
    register,
)
from grader.gradebook.claims import GradingKey
from grader.intake import Candidate
from grader.intake.arrivals import Arrival, Person
from grader.results import Flag

REQUEST = GradingRequest("1.0.0", "engine-1", "{}")


@pytest.fixture
def place(tmp_path: Path) -> str | Path:
    """Return where a new gradebook can be made: here a file, in tests/end_to_end/gradebook the URL of a server."""
    return tmp_path / "gradebook.sqlite"


@pytest.fixture
def book(place: str | Path) -> Iterator[Gradebook]:
    """Return a new gradebook."""
    with open_gradebook(place) as opened:
        yield opened


Enter = Callable[..., Registered]


@pytest.fixture
def enter(book: Gradebook, cnn: Assignment) -> Enter:
    """Return what registers submissions, and begins a run."""

    def entered(
        found: Sequence[Received] | None = None, source: str = "/downloads", **changed: object
    ) -> Registered:
        asked = {each.name for each in fields(REQUEST)} & changed.keys()
        request = replace(REQUEST, **{name: changed.pop(name) for name in asked})
        if found is None:
            found = received("ada", "a" * 64), received("bob", "b" * 64), received("eve", None)
        return register(book, Section(cnn.id, source), found, request, course_key="key", **changed)

    return entered


@pytest.fixture
def section(enter: Enter) -> int:
    """Return a section in which ada, bob and eve handed in one submission each, eve's unreadable."""
    return enter().section_id


@pytest.fixture
def key(enter: Enter) -> GradingKey:
    """Return a key under which nothing has been graded."""
    return enter([], "/elsewhere").key


def received(name: str, sha256: str | None, *, student: str = "", attempt: int = 1) -> Received:
    """Return an arrival as it is after a look at its file."""
    arrival = Arrival(Candidate(name, Path(f"{name}.zip")), Person(student or name), attempt=attempt)
    error = "" if sha256 else f"{name} is not a zip archive"
    return Received(arrival, Content(f"fingerprint of {name}", sha256, (Flag("renamed", "a.py"),), error))
