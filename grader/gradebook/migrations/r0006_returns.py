"""What students were given where, and since when a class's results are no draft."""

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"


def upgrade() -> None:
    """Make the table and add the column; what was graded before is a draft until somebody says otherwise."""
    op.add_column("sections", sa.Column("opened_at", sa.DateTime(), nullable=True))
    op.create_table(
        "returns",
        sa.Column("assignment_id", sa.Text(), primary_key=True),
        sa.Column("place", sa.Text(), primary_key=True),
        sa.Column("student_id", sa.Text(), sa.ForeignKey("students.id"), primary_key=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("intended_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
    )
