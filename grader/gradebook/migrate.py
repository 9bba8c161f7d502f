"""Bring the tables of a gradebook to today's, one revision after the other; each is a file in migrations/."""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from grader.gradebook.errors import GradebookUnusable
from grader.gradebook.schema import Base

BEFORE_THE_FIRST_RELEASE = frozenset({"0001", "0002"})
"""Revisions that no released version has written."""

_LOCK = 0x6E756D67
"""Number of PostgreSQL's advisory lock, which keeps two programs from migrating one gradebook at once."""


def migrate(engine: Engine, name: str, revisions: Path) -> None:
    """Make or migrate the tables of the gradebook `name`, in one transaction that only one program makes at a time.

    Raises
    ------
    GradebookUnusable
        Another version of this program has written it, whose tables this one does not know.
    """
    scripts = ScriptDirectory(str(revisions), version_locations=[str(revisions)])
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata})
        here = context.get_current_revision()
        _require_known(here, scripts, name)
        for step in reversed(list(scripts.iterate_revisions("head", here or "base"))):
            with Operations.context(context):
                step.module.upgrade()
            context.stamp(scripts, step.revision)


def _require_known(here: str | None, scripts: ScriptDirectory, name: str) -> None:
    if here in BEFORE_THE_FIRST_RELEASE:
        raise GradebookUnusable(
            f"the gradebook {name} was written before version 0.1.0 of this program, which does not read it; "
            "grade into a new folder (--out) or gradebook (--gradebook): results are computed again, and points "
            "that people gave are given again with `numgrade adjust`"
        )
    if here is not None and here not in {each.revision for each in scripts.walk_revisions()}:
        raise GradebookUnusable(
            f"the gradebook {name} was written by a newer version of this program (its tables are of "
            f"revision {here}); update this program, or choose another gradebook"
        )
