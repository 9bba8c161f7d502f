"""All tables of version 0.1.0."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

TEXT, COUNT, MOMENT, DOCUMENT = sa.Text(), sa.Integer(), sa.DateTime(), sa.JSON()
NUMBER: sa.Double[float] = sa.Double()


def _id(kind: sa.types.TypeEngine[Any] = COUNT, name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


def _each(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _of(name: str, target: str, kind: sa.types.TypeEngine[Any] = COUNT, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, sa.ForeignKey(target), **{"nullable": False, **more})


def _of_grading() -> tuple[sa.Column[Any], sa.Column[Any]]:
    grading = sa.ForeignKey("gradings.id", ondelete="CASCADE")
    return sa.Column("grading_id", COUNT, grading, primary_key=True), _id(name="position")


def upgrade() -> None:
    """Make the tables."""
    _who_hands_in()
    _what_comes_of_it()
    _what_is_shown()


def _who_hands_in() -> None:
    anonymous = sa.Column("anonymous_id", TEXT, nullable=False, unique=True)
    op.create_table("students", _id(TEXT), *_each(TEXT, "name", "email", "lms_id"), anonymous)
    op.create_table(
        "sections",
        _id(),
        *_each(TEXT, "assignment_id", "source"),
        *_each(sa.Boolean(), "anonymous"),
        *_each(MOMENT, "published_at", nullable=True),
        sa.UniqueConstraint("assignment_id", "source"),
    )


def _what_comes_of_it() -> None:
    key = "assignment_id", "version", "engine", "options"
    used = _each(MOMENT, "last_used")
    op.create_table("grading_keys", _id(), *_each(TEXT, *key), *used, sa.UniqueConstraint(*key))
    op.create_table(
        "gradings",
        _id(),
        _of("key_id", "grading_keys.id"),
        *_each(TEXT, "sha256", "state", "token", "isolation", "error"),
        *_each(COUNT, "serial", "claims", "notebook_count"),
        *_each(MOMENT, "lease_until"),
        *_each(MOMENT, "finished_at", nullable=True),
        *_each(NUMBER, "score", "max_score", "seconds"),
        *_each(DOCUMENT, "flags"),
        sa.UniqueConstraint("key_id", "sha256", "serial"),
    )
    op.create_table(
        "results",
        *_of_grading(),
        *_each(TEXT, "id", "part", "scope", "outcome", "title", "message", "diagnosis", "staff_note"),
        *_each(NUMBER, "points", "max_points", "seconds"),
        *_each(DOCUMENT, "error_map", nullable=True),
    )
    op.create_table(
        "notebooks", *_of_grading(), *_each(TEXT, "name", "summary"), *_each(sa.LargeBinary(), "html")
    )


def _what_is_shown() -> None:
    op.create_table(
        "arrivals",
        _id(),
        _of("section_id", "sections.id"),
        _of("student_id", "students.id", TEXT, index=True),
        *_each(TEXT, "candidate_id", "fingerprint", "error"),
        *_each(TEXT, "sha256", nullable=True),
        *_each(COUNT, "attempt"),
        *_each(MOMENT, "submitted_at", nullable=True),
        *_each(NUMBER, "late_seconds", nullable=True),
        *_each(DOCUMENT, "flags"),
        *_each(sa.Boolean(), "present"),
        _of("published_id", "gradings.id", nullable=True, index=True),
        sa.UniqueConstraint("section_id", "candidate_id"),
    )
    op.create_table(
        "adjustments",
        _id(),
        sa.Column("assignment_id", TEXT, nullable=False, index=True),
        _of("student_id", "students.id", TEXT, index=True),
        *_each(TEXT, "part", "why", "who", "when"),
        *_each(NUMBER, "points"),
    )
    op.create_table(
        "page_folders",
        _id(TEXT, "folder"),
        _of("section_id", "sections.id"),
        *_each(TEXT, "version", "files"),
        *_each(DOCUMENT, "pages"),
    )
