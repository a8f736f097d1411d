"""Tables of students, submissions and their bytes; the secret; erasures."""

import sqlalchemy as sa
from alembic import op

from grader.store.db.triggers import append_only, append_only_shared, finished_stays

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("length(value) = 32", name="secrets_length"),
    )
    op.create_table(
        "students",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="students_name_length"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("student_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("finished_at", moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("compressed", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="blobs_sha256_length"),
        sa.CheckConstraint("size >= 0", name="blobs_size"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id"), nullable=False),
        sa.Column("exercise", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.UniqueConstraint("student_id", "exercise", "number"),
        sa.UniqueConstraint("student_id", "exercise", "sha256"),
        sa.CheckConstraint("number >= 1", name="submissions_number"),
        sa.CheckConstraint("length(exercise) BETWEEN 1 AND 200", name="submissions_exercise_length"),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "submissions", ["exercise", "id"])
    op.create_index(None, "submissions", ["sha256"])
    dialect = op.get_context().dialect.name
    for statement in (
        *append_only(dialect, "secrets"),
        *append_only_shared(dialect, "blobs"),
        *append_only(dialect, "submissions", "OLD.student_id"),
        *finished_stays(dialect),
    ):
        op.execute(statement)
