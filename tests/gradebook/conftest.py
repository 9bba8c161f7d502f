"""Gradebooks to test with: every test that asks for `book` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from grader.course.assignment import Assignment
from grader.gradebook import Gradebook, Terms, enter, open_gradebook, section_of, terms_of
from grader.gradebook.register import Entered
from grader.intake import Candidate
from grader.intake.arrivals import Arrival, Student

from . import server

RELEASE = ("cnn", "1.0.0", "engine-1")


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


@pytest.fixture
def terms(book: Gradebook) -> Terms:
    """Return terms under which nothing has been graded."""
    return terms_of(book, RELEASE, "{}", fresh=False)


@pytest.fixture
def section(book: Gradebook, cnn: Assignment) -> int:
    """Return a section in which ada, bob and eve handed in one submission each, eve's unreadable."""
    section_id = section_of(book, cnn.id, "/downloads")
    enter(book, section_id, [entered("ada", "a" * 64), entered("bob", "b" * 64), entered("eve", None)])
    return section_id


def entered(name: str, sha256: str | None, *, student: str = "", attempt: int = 1) -> Entered:
    """Return an arrival as it is after a look at its file."""
    arrival = Arrival(Candidate(name, Path(f"{name}.zip")), Student(student or name), attempt=attempt)
    error = "" if sha256 else f"{name} is not a zip archive"
    return Entered(arrival, f"fingerprint of {name}", sha256, 10, [["renamed", "a.py"]], error)
