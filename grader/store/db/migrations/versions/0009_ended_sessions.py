"""Table of the portal's sessions that were ended by signing out."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table, empty."""
    op.create_table(
        "ended_sessions",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="ended_sessions_sha256_length"),
    )
    op.create_index("ended_sessions_expires_at_idx", "ended_sessions", ["expires_at"])
