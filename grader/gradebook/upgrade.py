"""Bring a gradebook's tables to this version's, in one transaction that only one program makes at a time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from grader.gradebook.errors import GradebookTooNew

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6E756D67
"""Number of PostgreSQL's advisory lock, which keeps two programs from migrating one gradebook at once."""


def bring_up_to_date(engine: Engine, name: str, revision: str = "head") -> None:
    """Make or migrate the tables behind `engine`.

    Parameters
    ----------
    name
        What messages call the gradebook.
    revision
        Where to stop; tests stop early.

    Raises
    ------
    GradebookTooNew
        Its tables are of a version that this program does not know.
    """
    scripts = ScriptDirectory.from_config(configuration())
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        here = MigrationContext.configure(connection).get_current_revision()
        if here is not None and here not in {each.revision for each in scripts.walk_revisions()}:
            raise GradebookTooNew(
                f"the gradebook {name} was written by a newer version of this program (its tables are of "
                f"revision {here}); update this program, or choose another gradebook"
            )
        if here != scripts.get_current_head():
            command.upgrade(configuration(connection), revision)


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for the migrations of this package, run on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
