"""Lines and items of a rubric in decisions, entries that are made once, and who looks at what."""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"


def upgrade() -> None:
    """Add the columns and make the tables."""
    op.add_column("decisions", sa.Column("item", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("decisions", sa.Column("place", sa.JSON(), nullable=True))
    op.create_table("entries", sa.Column("name", sa.Text(), primary_key=True))
    op.create_table(
        "reviewers",
        sa.Column("assignment_id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("student_id", sa.Text(), sa.ForeignKey("students.id"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
