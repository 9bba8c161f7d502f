"""A PostgreSQL server of the tests' own, and a database of it for each test in place of a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from benchmarks.reviewed_class import write_reviewed_class
from grader.course.assignment import Assignment
from grader.gradebook import Gradebook
from grader.review.application import Review
from tests.gradebook import server
from tests.gradebook.conftest import book, enter, key, section
from tests.review.conftest import SIZE, ada, review_of, visit

__all__ = ["ada", "book", "enter", "key", "section", "visit"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server and return its URL, or skip and say why."""
    reason = server.why_not()
    if reason:
        pytest.skip(f"no PostgreSQL: {reason}")
    with server.running() as url:
        yield url


@pytest.fixture
def place(postgresql: str) -> str:
    """Return the URL of a new, empty database."""
    name = f"test_{secrets.token_hex(6)}"
    engine = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql.removesuffix("postgres") + name


@pytest.fixture
def review(book: Gradebook, tmp_path: Path, cnn: Assignment) -> Review:
    """Return the review of a class that is kept in a database."""
    write_reviewed_class(tmp_path / "grades", cnn, SIZE, key="key", book=book)
    return review_of(book, cnn, tmp_path / "grades")
