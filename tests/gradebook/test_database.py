"""Opening gradebooks: clear words about what cannot be used, and migrations that keep what is there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, text

from grader.gradebook import decisions_of, open_gradebook
from grader.gradebook.database import FILE, MIGRATIONS, GradebookUnusable
from grader.gradebook.migrate import migrate
from grader.gradebook.migrations import r0001_initial
from grader.gradebook.schema import Base, StudentRow
from grader.results import Decision, DecisionKind

NOBODY = 65534


def test_the_migrated_tables_are_those_of_the_models(book, tmp_path: Path) -> None:
    """Alembic finds nothing to change between what the code expects and what opening, or migrating, has made."""
    migrated = create_engine(f"sqlite:///{tmp_path / 'migrated.sqlite'}")
    migrate(migrated, "", MIGRATIONS)
    for engine in (book.engine, migrated):
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    migrated.dispose()


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_a_gradebook_from_before_the_first_release_is_refused(place: str | Path, revision: str) -> None:
    """It is left as it is, and one sentence says that a new one is to be made, and what becomes of results."""
    engine = create_engine(place if isinstance(place, str) else f"sqlite:///{place}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE students (id TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
        connection.execute(text("INSERT INTO students VALUES ('ada')"))
    with (
        pytest.raises(
            GradebookUnusable, match=r"before version 0\.1\.0.*grade into a new folder.*computed again"
        ),
        open_gradebook(place),
    ):
        pass
    with engine.begin() as connection:
        assert connection.execute(text("SELECT id FROM students")).scalars().all() == ["ada"]
    engine.dispose()


def test_a_newer_gradebook_is_refused(place: str | Path) -> None:
    """A revision that this version does not know is left alone, and the message says what to do."""
    with open_gradebook(place) as book, book.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with (
        pytest.raises(GradebookUnusable, match=r"newer version.*9999.*update this program"),
        open_gradebook(place),
    ):
        pass


def test_a_gradebook_that_opens_again_changes_nothing(place: str | Path) -> None:
    """The second opening finds the first one's rows."""
    with open_gradebook(place) as book, book.writing() as session:
        session.add(StudentRow(id="ada", name="", email="", lms_id="", anonymous_id="anon-1"))
    with open_gradebook(place) as book, book.reading() as session:
        assert session.scalars(select(StudentRow.id)).all() == ["ada"]


def test_a_gradebook_of_today_opens_without_alembic(tmp_path: Path) -> None:
    """What a command takes to start does not hang on what migrates older gradebooks; the newest revision is known."""
    opening = (
        "import sys; from pathlib import Path; from grader.gradebook import open_gradebook\n"
        "with open_gradebook(Path(sys.argv[1])): print('alembic' in sys.modules)"
    )
    said = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", opening, tmp_path / FILE], capture_output=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert said == [b"False\n", b"False\n"]


def test_a_reader_sees_one_state_and_keeps_no_writer_waiting(book) -> None:
    """What is written while a class is read is seen by the next reader alone."""
    students = select(StudentRow.id)
    with book.reading() as session:
        assert session.scalars(students).all() == []
        with book.writing() as other:
            other.add(StudentRow(id="ada", name="", email="", lms_id="", anonymous_id="anon-1"))
        assert session.scalars(students).all() == []
    with book.reading() as session:
        assert session.scalars(students).all() == ["ada"]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("no such thing", "no database URL"),
        ("nosuchdatabase://host/x", "no database URL"),
        ("mysql://nobody:secret@127.0.0.1/x", "on SQLite or PostgreSQL, and not on mysql"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/x", "no server answers"),
    ],
)
def test_a_wrong_url_is_named_without_its_password(url: str, complaint: str) -> None:
    """The message says what is wrong with it, and never the password."""
    with pytest.raises(GradebookUnusable, match=complaint) as caught, open_gradebook(url):
        pass
    assert "secret" not in str(caught.value)


def test_what_is_no_gradebook_is_left_alone(tmp_path: Path) -> None:
    """A file that SQLite cannot read is named, and not written to."""
    path = tmp_path / "gradebook.sqlite"
    path.write_bytes(b"these are notes about the class, not a database\n" * 100)
    before = path.read_bytes()
    with pytest.raises(GradebookUnusable, match="damaged or no gradebook"), open_gradebook(path):
        pass
    assert path.read_bytes() == before


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    """A gradebook below a file cannot be made, and the message says to choose another folder."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(GradebookUnusable, match="choose another folder"),
        open_gradebook(tmp_path / "file/x.db"),
    ):
        pass


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """An ordinary user without the right to write there reads so, before anything is graded."""
    (tmp_path / "closed").mkdir(mode=0o555)
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from grader.gradebook import open_gradebook\n"
        "from grader.gradebook.database import GradebookUnusable\n"
        "with open_gradebook(Path('mine.sqlite')): pass  # all is imported while it may be read\n"
        f"if os.geteuid() == 0: os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "try:\n"
        "    with open_gradebook(Path('closed/gradebook.sqlite')): print('opened')\n"
        "except GradebookUnusable as error: print(error)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "closed/gradebook.sqlite" in done.stdout, done.stderr
    assert "cannot be opened" in done.stdout or "(Permission denied); choose another folder" in done.stdout


def test_a_full_disk_is_named_and_nothing_is_torn(tmp_path: Path) -> None:
    """A write that does not fit is undone as a whole, and the message says that the disk is full."""
    path = tmp_path / "gradebook.sqlite"
    with open_gradebook(path) as book:
        with book.engine.connect() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count = {pages + 1}"))
        with (
            pytest.raises(GradebookUnusable, match="the disk is full; free some space"),
            book.writing() as session,
        ):
            for number in range(100):
                name = str(number)
                session.add(StudentRow(id=name, name="x" * 10_000, email="", lms_id="", anonymous_id=name))
    with open_gradebook(path) as book, book.reading() as session:
        assert session.scalars(select(StudentRow.id)).all() == []


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    """Write-ahead log, foreign keys, patience with other writers and full synchronisation are on."""
    with open_gradebook(tmp_path / "gradebook.sqlite") as book, book.engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 60_000, "synchronous": 2}
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING


def test_what_people_had_decided_is_carried_over(tmp_path: Path) -> None:
    """A gradebook of the first tables opens with each adjustment as a decision, and nothing waits in old gradings."""
    path = tmp_path / FILE
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        r0001_initial.upgrade()
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('r0001')"))
        connection.execute(text("INSERT INTO students VALUES ('ada', 'x1', '', '', '')"))
        connection.execute(
            text(
                'INSERT INTO adjustments (id, assignment_id, student_id, part, why, who, "when", points) '
                "VALUES (7, 'cnn', 'ada', 'total', 'unclear', 'grace', '2026-11-20', 2.5)"
            )
        )
    engine.dispose()
    with open_gradebook(path) as book, book.reading() as session:
        (found,) = decisions_of(session, "cnn").entered
    entered = Decision("total", DecisionKind.ADD, 2.5, "unclear", "grace", "2026-11-20", number=7)
    assert found == ("ada", entered)
