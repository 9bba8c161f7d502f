"""Gradebooks to test with: every test that asks for `book` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

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

from . import server

REQUEST = GradingRequest("1.0.0", "engine-1", "{}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server and return its URL, or skip and say why."""
    reason = server.why_not()
    if reason:
        pytest.skip(f"no PostgreSQL: {reason}")
    with server.running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Return where a new gradebook can be made, as a path or URL."""
    if request.param == "sqlite":
        return tmp_path / "gradebook.sqlite"
    url, name = request.getfixturevalue("postgresql"), f"test_{secrets.token_hex(6)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return str(url).removesuffix("postgres") + name


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
