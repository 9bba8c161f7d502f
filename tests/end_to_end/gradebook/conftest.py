"""A PostgreSQL server of the tests' own, and a database of it for each test in place of a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from tests.gradebook import server
from tests.gradebook.conftest import book, enter, key, section

__all__ = ["book", "enter", "key", "section"]


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
