"""Tables of course versions and their exercises, rosters, extensions, and the log of events."""

import sqlalchemy as sa
from alembic import op

from grader.store.db.triggers import append_only, refers

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables. Earlier course versions are known by name only."""
    _courses()
    _people()
    _extensions()
    _events()
    op.execute(
        "INSERT INTO course_versions (version, title, recorded_at) "
        "SELECT course_version, '', MIN(created_at) FROM gradings GROUP BY course_version"
    )
    dialect = op.get_context().dialect.name
    for statement in (
        *append_only(dialect, "course_versions"),
        *append_only(dialect, "exercises"),
        *append_only(dialect, "extensions", "OLD.student_id"),
        *append_only(dialect, "events", "OLD.student_id"),
        *refers(dialect, "gradings", "course_version", "course_versions", "version"),
    ):
        op.execute(statement)


def _courses() -> None:
    op.create_table(
        "course_versions",
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "exercises",
        sa.Column("course_version", sa.Text, sa.ForeignKey("course_versions.version"), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("max_score", sa.Double, nullable=False),
        sa.UniqueConstraint("course_version", "position"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="exercises_name_length"),
        sa.CheckConstraint("max_score >= 0", name="exercises_max_score"),
    )


def _people() -> None:
    student = sa.ForeignKey("students.id")
    op.create_table(
        "enrolments",
        sa.Column("student_id", sa.Integer, student, primary_key=True, autoincrement=False),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("section", sa.String(200), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(display_name) <= 200", name="enrolments_display_name_length"),
        sa.CheckConstraint("length(email) <= 200", name="enrolments_email_length"),
        sa.CheckConstraint("length(section) <= 200", name="enrolments_section_length"),
    )
    op.create_index(None, "enrolments", ["section"])
    op.create_table(
        "student_ids",
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id"), primary_key=True, autoincrement=False),
        sa.Column("system", sa.String(40), primary_key=True),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.UniqueConstraint("system", "external_id"),
        sa.CheckConstraint("length(system) BETWEEN 1 AND 40", name="student_ids_system_length"),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 200", name="student_ids_external_id_length"),
    )


def _extensions() -> None:
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id"), nullable=False),
        sa.Column("exercise", sa.String(200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(exercise) BETWEEN 1 AND 200", name="extensions_exercise_length"),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "extensions", ["student_id", "exercise", "id"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id")),
        sa.Column("detail", sa.Text, nullable=False),
        sa.CheckConstraint("what IN ('enrolled', 'extended', 'marked', 'regraded', 'erased')", name="events_what"),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "events", ["student_id"])
