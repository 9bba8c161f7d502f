"""What was written in a submission, kept beside its results so that pages need not read an archive again."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"


def upgrade() -> None:
    """Make the new table; what was graded before has nothing in it."""
    op.create_table(
        "code",
        sa.Column(
            "grading_id", sa.Integer(), sa.ForeignKey("gradings.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("given", "answers", "places")),
        sa.Column("left_out", sa.Integer(), nullable=False),
    )
