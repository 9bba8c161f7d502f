"""All tables of version 0.1.0."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

KINDS: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "number": sa.Double(),
    "count": sa.Integer(),
    "moment": sa.DateTime(),
    "flag": sa.Boolean(),
    "document": sa.JSON(),
    "page": sa.LargeBinary(),
}


def _table(name: str, *special: sa.Column[Any], unique: str = "", **columns: str) -> None:
    """Make a table with columns of each kind; a name that ends in ? may be empty."""
    plain = [
        sa.Column(each.rstrip("?"), KINDS[kind], nullable=each.endswith("?"))
        for kind, names in columns.items()
        for each in names.split()
    ]
    constraints = [sa.UniqueConstraint(*unique.split())] if unique else []
    op.create_table(name, *special, *plain, *constraints)


def _key(name: str = "id", kind: str = "count", *target: sa.ForeignKey) -> sa.Column[Any]:
    return sa.Column(name, KINDS[kind], *target, primary_key=True)


def _of(
    target: str, name: str, kind: str = "count", *, nullable: bool = False, index: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, KINDS[kind], sa.ForeignKey(f"{target}.id"), nullable=nullable, index=index)


def _place_in_a_grading() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return _key("grading_id", "count", sa.ForeignKey("gradings.id", ondelete="CASCADE")), _key("position")


def upgrade() -> None:
    """Make the tables."""
    _who_hands_in()
    _what_it_is_graded_to()
    _what_is_shown()


def _who_hands_in() -> None:
    anonymous_id = sa.Column("anonymous_id", sa.Text(), nullable=False, unique=True)
    _table("students", _key(kind="text"), anonymous_id, text="name email lms_id")
    names = "assignment_id source"
    _table("sections", _key(), text=names, flag="anonymous", moment="published_at?", unique=names)


def _what_it_is_graded_to() -> None:
    names = "assignment_id version engine options"
    _table("grading_keys", _key(), text=names, moment="last_used", unique=names)
    _table(
        "gradings",
        _key(),
        _of("grading_keys", "key_id"),
        text="sha256 state token isolation error",
        count="serial claims notebook_count",
        moment="lease_until finished_at?",
        number="score max_score seconds",
        document="flags",
        unique="key_id sha256 serial",
    )
    _table(
        "results",
        *_place_in_a_grading(),
        text="id part scope outcome title message diagnosis staff_note",
        number="points max_points seconds",
        document="error_map?",
    )
    _table("notebooks", *_place_in_a_grading(), text="name summary", page="html")


def _what_is_shown() -> None:
    _table(
        "arrivals",
        _key(),
        _of("sections", "section_id"),
        _of("students", "student_id", "text", index=True),
        _of("gradings", "published_id", nullable=True, index=True),
        text="candidate_id fingerprint sha256? error",
        count="attempt",
        moment="submitted_at?",
        number="late_seconds?",
        document="flags",
        flag="present",
        unique="section_id candidate_id",
    )
    assignment = sa.Column("assignment_id", sa.Text(), nullable=False, index=True)
    student = _of("students", "student_id", "text", index=True)
    _table("adjustments", _key(), assignment, student, text="part why who when", number="points")
    section = _of("sections", "section_id")
    _table("page_folders", _key("folder", "text"), section, text="version files", document="pages")
