"""Open a gradebook on SQLite or PostgreSQL, with its tables made and brought up to date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from grader.gradebook.errors import GradebookUnusable, plain_errors
from grader.gradebook.schema import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

FILE = "gradebook.sqlite"
BUSY_SECONDS = 60
"""How long one grader waits for another's write; a write takes milliseconds."""

LEAST_FREE = 32 * 2**20
"""Bytes that must be free on the disk before a grading starts: some hundred results, and the pages."""

_DATABASES = frozenset({"sqlite", "postgresql"})
MIGRATIONS = Path(__file__).parent / "migrations"
"""A file for each revision of the tables; their names sort by age."""

_READING, _ONE_QUESTION = "gradebook_reading", "gradebook_one_question"


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
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with plain_errors(self.name), Session(engine) as session:
            yield session  # closed without a commit: it has nothing to say


def gradebook_at(asked: str, out: Path) -> str | Path:
    """Return where the gradebook is: at the URL or path that was asked for, else beside the reports."""
    if not asked:
        return out / FILE
    return asked if "://" in asked else Path(asked)


def is_there(where: str | Path) -> bool:
    """Say whether there is a gradebook, which opening would make; of a URL only the database could say."""
    return not isinstance(where, Path) or where.exists()


def existing_gradebook(asked: str, out: Path) -> str | Path:
    """Return where the gradebook is, for what would have nothing to do in a new one.

    Raises
    ------
    GradebookUnusable
        There is none.
    """
    where = gradebook_at(asked, out)
    if not is_there(where):
        raise GradebookUnusable(
            f"there is no gradebook {where}; grade a class first, or name its folder with --out, or the gradebook "
            "itself with --gradebook"
        )
    return where


@contextmanager
def open_gradebook(where: str | Path) -> Iterator[Gradebook]:
    """Open the gradebook at a path (SQLite) or URL, made at its first use and brought up to date.

    Raises
    ------
    GradebookUnusable
        It cannot be made, read or written, the disk is as good as full, or another version of this program has
        written it, whose tables this one does not know.
    """
    url = _url(where)
    name = str(where) if isinstance(where, Path) else url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        _prepare(Path(url.database), name)
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise GradebookUnusable(f"the gradebook {name} needs the package {error.name}; install it") from error
    _listen(engine)
    book = Gradebook(engine, name)
    try:
        _bring_up_to_date(book)
        yield book
    finally:
        engine.dispose()


def insert_into(session: Session, table: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that may say what to do where the row is there already; both databases mean the same by it."""
    here = session.get_bind().dialect.name
    if here == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # loads four drivers' worth of modules

    return postgresql.insert(table)


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


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
    if url.get_backend_name() not in _DATABASES:
        raise GradebookUnusable(
            f"a gradebook is kept on SQLite or PostgreSQL, and not on {url.get_backend_name()}; "
            "write a URL such as postgresql+psycopg://name@host/database"
        )
    return url


def _prepare(file: Path, name: str) -> None:
    """Make the folder and the empty file where there are none, for nobody else to read."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(file.parent).free
        if free >= LEAST_FREE and not file.exists():
            file.touch(mode=0o600)  # SQLite's other files beside it take its mode
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
        # A transaction that reads first and writes later could find that another has written in between, and
        # SQLite then refuses it at once, however patient it is told to be. So a writer takes its turn at the start.
        options = connection.get_execution_options()
        if options.get(_ONE_QUESTION):
            return  # it sees one state anyway
        reading = options.get(_READING)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _bring_up_to_date(book: Gradebook) -> None:
    """Make or migrate the tables where they are not of the newest revision, which one question tells."""
    revisions = sorted(each.stem.partition("_")[0] for each in MIGRATIONS.glob("r*.py"))
    with plain_errors(book.name):
        if _is_at(book, revisions[-1]) or _made(book, revisions[-1]):
            return
        # Alembic would be a fifth of what a command takes to start, and is hardly ever needed.
        from grader.gradebook.migrate import migrate  # noqa: PLC0415

        migrate(book.engine, book.name, MIGRATIONS)


def _made(book: Gradebook, revision: str) -> bool:
    """Make today's tables in a file that has none, as the revisions would one by one; say whether it was so."""
    if book.engine.dialect.name != "sqlite":
        return False
    with book.engine.begin() as connection:
        if connection.scalar(text("SELECT count(*) FROM sqlite_master")):
            return False
        Base.metadata.create_all(connection, checkfirst=False)
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    return True


def _is_at(book: Gradebook, revision: str) -> bool:
    try:
        with Session(book.engine.execution_options(**{_ONE_QUESTION: True})) as session:
            return bool(session.scalar(text("SELECT version_num FROM alembic_version")) == revision)
    except DBAPIError as error:
        if "alembic_version" in str(error.orig):
            return False  # there is no such table yet; databases have no common name for that
        raise
