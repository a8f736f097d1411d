"""Events about accounts and tokens, and a table of sign-in tries."""

import sqlalchemy as sa
from alembic import op

from grader.store.db.triggers import append_only

revision = "0008"
down_revision = "0007"

CHECK = (
    "what IN ('enrolled', 'extended', 'marked', 'regraded', 'erased', "
    "'invited', 'reset', 'password', 'token', 'throttled')"
)


def upgrade() -> None:
    """Extend the check of events, and create the table of tries, empty."""
    if op.get_context().dialect.name == "sqlite":
        _events_anew()
    else:
        op.drop_constraint("events_what", "events")
        op.create_check_constraint("events_what", "events", CHECK)
    op.create_table(
        "tries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) = 64", name="tries_key_length"),
        sqlite_autoincrement=True,
    )
    op.create_index("tries_key_at_idx", "tries", ["key", "at"])
    op.create_index("tries_at_idx", "tries", ["at"])


def _events_anew() -> None:
    """Replace the table by one with the same rows and ids, because SQLite can't change a check."""
    op.create_table(
        "new_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id")),
        sa.Column("detail", sa.Text, nullable=False),
        sa.CheckConstraint(CHECK, name="events_what"),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO new_events SELECT id, at, who, what, student_id, detail FROM events")
    op.drop_table("events")
    op.rename_table("new_events", "events")
    op.create_index("events_student_id_idx", "events", ["student_id"])
    for statement in append_only("sqlite", "events", "OLD.student_id"):
        op.execute(statement)
