"""Tables of portal accounts, and of invitations to set a password."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables, empty: students on a roster get accounts when they are invited."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id")),
        sa.Column("password", sa.Text),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("student_id"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="accounts_name_length"),
        sa.CheckConstraint("role IN ('student', 'instructor')", name="accounts_role"),
        sa.CheckConstraint("(role = 'student') = (student_id IS NOT NULL)", name="accounts_student"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "invitations",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sha256"),
        sa.CheckConstraint("length(sha256) = 64", name="invitations_sha256_length"),
    )
