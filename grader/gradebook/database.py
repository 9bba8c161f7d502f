"""Open a gradebook on any database, with every fault of the database turned into a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.orm import Session

from grader.gradebook.errors import GradebookUnusable
from grader.gradebook.upgrade import bring_up_to_date

FILE = "gradebook.sqlite"
BUSY_SECONDS = 60
"""How long one grader waits for another's write; a write takes milliseconds."""

LEAST_FREE = 32 * 2**20
"""Bytes that must be free on the disk before a grading starts: some hundred results, and the pages."""

_READING = "gradebook_reading"

_REASONS = (
    (("disk is full", "no space left", "diskfull"), "the disk is full; free some space"),
    (("readonly", "read-only", "permission denied"), "it may not be written; change its permissions"),
    (("unable to open",), "it cannot be opened; check that its folder exists and may be written"),
    (("is locked",), "another program has kept it locked for a minute; end that program"),
    (("not a database", "malformed"), "it is damaged or no gradebook; move it away or restore a copy"),
    (("password", "role ", "authentication"), "the server refuses the name or the password of its URL"),
    (("refused", "could not connect", "no route", "resolve", "timeout"), "no server answers at its URL"),
)


@dataclass(frozen=True, slots=True)
class Gradebook:
    """An open gradebook whose tables are those of this version.

    Attributes
    ----------
    name
        What messages call it: the file or the URL, without a password.
    """

    engine: Engine
    name: str

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that is committed as a whole at the end, or not at all."""
        with plain_errors(self.name), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of everything and keeps no writer waiting."""
        engine = self.engine.execution_options(**{_READING: True})
        with plain_errors(self.name), Session(engine) as session, session.begin():
            yield session


@contextmanager
def open_gradebook(where: str | Path) -> Iterator[Gradebook]:
    """Open the gradebook at a path (SQLite) or URL, made at its first use and brought up to date.

    Raises
    ------
    GradebookUnusable
        It cannot be made, read or written, or the disk is as good as full.
    GradebookTooNew
        A newer version of this program has written it.
    """
    url = _url(where)
    name = str(where) if isinstance(where, Path) else url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        _prepare_folder(Path(url.database).parent, name)
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise GradebookUnusable(f"the gradebook {name} needs the package {error.name}; install it") from error
    _listen(engine)
    try:
        with plain_errors(name):
            bring_up_to_date(engine, name)
        yield Gradebook(engine, name)
    finally:
        engine.dispose()


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Turn a fault of the database into a sentence about the gradebook `name`."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise GradebookUnusable(f"the gradebook {name}: {_reason(error)}, and run it again") from error


def _url(where: str | Path) -> URL:
    if isinstance(where, Path):
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise GradebookUnusable(
            f"{where!r} is no database URL ({error}); write one such as sqlite:///grades.sqlite or "
            "postgresql+psycopg://name@host/database"
        ) from error
    return url


def _prepare_folder(folder: Path, name: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise GradebookUnusable(
            f"the gradebook {name}: its folder cannot be made ({error.strerror}); choose another folder"
        ) from error
    if free < LEAST_FREE:
        raise GradebookUnusable(
            f"the gradebook {name}: the disk is full ({free // 2**20} MiB left); free some space, or choose "
            "a folder on another disk, and run it again"
        )


def _listen(engine: Engine) -> None:
    """Make SQLite keep its promises: real transactions, foreign keys, readers beside a writer, patience."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions at moments of its own choice
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get(_READING)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reason(error: DBAPIError) -> str:
    said = f"{type(error.orig).__name__} {error.orig}".lower()
    for words, reason in _REASONS:
        if any(word in said for word in words):
            return reason
    return f"the database says {str(error.orig).strip().splitlines()[0]!r}; mend that"
