"""The attempt that a submission belongs to: one that completes a set of files belongs to that of the earlier parts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column; a submission without a value is an attempt of its own, with its own number."""
    op.add_column("submissions", sa.Column("attempt", sa.Integer, nullable=True))
