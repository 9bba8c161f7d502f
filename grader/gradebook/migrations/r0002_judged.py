"""Where each check was judged: all that was kept before, outside of the box."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Add the column."""
    op.add_column("results", sa.Column("judged", sa.Text(), nullable=False, server_default="outside"))
