"""Names under which graders read submissions without knowing whose they are."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.columns import AnyText

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Let a student have a second name, and a section say that it shows that one."""
    with op.batch_alter_table("students") as students:
        students.add_column(sa.Column("anonymous_id", AnyText(), nullable=True))
        students.create_unique_constraint(op.f("uq_students_anonymous_id"), ["anonymous_id"])
    with op.batch_alter_table("sections") as sections:
        sections.add_column(sa.Column("anonymous", sa.Boolean(), server_default=sa.false(), nullable=False))
