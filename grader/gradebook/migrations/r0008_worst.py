"""What staff are shown of a failed comparison, and which lines of a module were made of a cell's."""

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"


def upgrade() -> None:
    """Add the columns; what was graded before has nothing in them."""
    op.add_column("results", sa.Column("inputs", sa.Text(), nullable=False, server_default=""))
    op.add_column("results", sa.Column("worst", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("code", sa.Column("lines", sa.JSON(), nullable=False, server_default="[]"))
