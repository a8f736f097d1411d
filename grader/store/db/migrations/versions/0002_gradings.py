"""Tables of gradings and the results of their checks."""

import sqlalchemy as sa
from alembic import op

from grader.store.db.triggers import append_only

revision = "0002"
down_revision = "0001"

VERDICTS = (
    "'passed', 'wrong_answer', 'runtime_error', 'time_limit', 'memory_limit', 'output_limit', 'not_attempted', "
    "'grader_error'"
)


def upgrade() -> None:
    """Create the tables of results."""
    op.create_table(
        "gradings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_id", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("course_version", sa.Text, nullable=False),
        sa.Column("grader_version", sa.Text, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("sandbox", sa.Text, nullable=False),
        sa.Column("elapsed_ms", sa.Double, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("max_score", sa.Double, nullable=False),
        sa.Column("pending", sa.Double, nullable=False),
        sa.Column("faulted", sa.Boolean, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.CheckConstraint("score >= 0 AND pending >= 0", name="gradings_points"),
        sa.CheckConstraint("score + pending <= max_score + 1e-6", name="gradings_max_score"),
        sa.CheckConstraint("error IS NULL OR score = 0", name="gradings_unreadable_earns_nothing"),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "gradings", ["submission_id", "id"])
    op.create_table(
        "results",
        sa.Column("grading_id", sa.Integer, sa.ForeignKey("gradings.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("points", sa.Double, nullable=False),
        sa.Column("max_points", sa.Double, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("mistake", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.CheckConstraint(f"verdict IN ({VERDICTS})", name="results_verdict"),
        sa.CheckConstraint("points >= 0 AND points <= max_points + 1e-6", name="results_points"),
        sa.CheckConstraint("verdict <> 'grader_error' OR points = 0", name="results_fault_earns_nothing"),
    )
    dialect = op.get_context().dialect.name
    submission = "(SELECT s.student_id FROM submissions s WHERE s.id = OLD.submission_id)"
    grading = (
        "(SELECT s.student_id FROM gradings g JOIN submissions s ON s.id = g.submission_id WHERE g.id = OLD.grading_id)"
    )
    for statement in (*append_only(dialect, "gradings", submission), *append_only(dialect, "results", grading)):
        op.execute(statement)
