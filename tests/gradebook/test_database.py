"""Opening gradebooks: clear words about what cannot be used, and migrations that keep what is there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, text

from grader.gradebook import GradebookTooNew, GradebookUnusable, open_gradebook
from grader.gradebook.schema import Base, SectionRow, StudentRow
from grader.gradebook.upgrade import bring_up_to_date

NOBODY = 65534


def test_the_migrated_tables_are_those_of_the_models(book) -> None:
    """Alembic finds nothing to change between what the migrations made and what the code expects."""
    with book.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_an_old_gradebook_is_upgraded_and_keeps_its_data(place: str | Path) -> None:
    """Opened by this version, a gradebook of the first revision has the new columns and the old rows."""
    engine = create_engine(place if isinstance(place, str) else f"sqlite:///{place}")
    bring_up_to_date(engine, "old", "0001")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO students VALUES ('ada', 'Ada Lovelace', 'ada@example.org', '7')")
        )
        connection.execute(
            text(
                "INSERT INTO sections (id, assignment_id, source, graded_at) "
                "VALUES (1, 'cnn', '/downloads', '2026-11-20 12:00:00')"
            )
        )
    engine.dispose()
    with open_gradebook(place) as book, book.reading() as session:
        student = session.get_one(StudentRow, "ada")
        assert (student.name, student.lms_id, student.anonymous_id) == ("Ada Lovelace", "7", None)
        assert session.scalars(select(SectionRow.anonymous)).one() is False


def test_a_newer_gradebook_is_refused(place: str | Path) -> None:
    """A revision that this version does not know is left alone, and the message says what to do."""
    with open_gradebook(place) as book, book.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with (
        pytest.raises(GradebookTooNew, match=r"newer version.*9999.*update this program"),
        open_gradebook(place),
    ):
        pass


def test_a_gradebook_that_opens_again_changes_nothing(place: str | Path) -> None:
    """The second opening finds the first one's rows."""
    with open_gradebook(place) as book, book.writing() as session:
        session.add(StudentRow(id="ada", name="", email="", lms_id=""))
    with open_gradebook(place) as book, book.reading() as session:
        assert session.scalars(select(StudentRow.id)).all() == ["ada"]


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("no such thing", "no database URL"),
        ("nosuchdatabase://host/x", "no database URL"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/x", "no server answers"),
    ],
)
def test_a_wrong_url_is_named_without_its_password(place: str, complaint: str) -> None:
    """The message says what is wrong with it, and never the password."""
    with pytest.raises(GradebookUnusable, match=complaint) as caught, open_gradebook(place):
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
        "from grader.gradebook import GradebookUnusable, open_gradebook\n"
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
                session.add(StudentRow(id=str(number), name="x" * 10_000, email="", lms_id=""))
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
