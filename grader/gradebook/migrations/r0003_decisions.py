"""Decisions in the place of adjustments, and the parts of a grading that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Make the new table and column, and carry over what people had decided."""
    op.add_column("gradings", sa.Column("waiting", sa.JSON(), nullable=False, server_default="[]"))
    texts = "part", "kind", "why", "who", "when", "diagnosis"
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("assignment_id", sa.Text(), nullable=False, index=True),
        sa.Column("student_id", sa.Text(), sa.ForeignKey("students.id"), nullable=True, index=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("beyond", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=False),
    )
    kept = sa.table("adjustments", *map(sa.column, (*_KEPT, "id")))
    made = sa.table("decisions", *map(sa.column, (*_KEPT, "number", "kind", "diagnosis", "beyond", "undoes")))
    told = (sa.literal("add"), sa.literal(""), sa.false(), sa.literal(0))
    carried = sa.select(*(kept.c[name] for name in (*_KEPT, "id")), *told).order_by(kept.c.id)
    op.execute(sa.insert(made).from_select([column.name for column in made.c], carried))
    op.drop_table("adjustments")


_KEPT = ("assignment_id", "student_id", "part", "points", "why", "who", "when")
