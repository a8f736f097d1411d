"""Tables of the sums per question, marks, and claims on submissions that are being graded."""

import json

import sqlalchemy as sa
from alembic import op

from grader.store.db.triggers import append_only

revision = "0004"
down_revision = "0003"

PAGE = 500
SUMS = sa.text("""
    SELECT grading_id, question, SUM(points) AS score, SUM(max_points) AS max_score,
        SUM(CASE WHEN verdict = 'grader_error' THEN max_points ELSE 0 END) AS pending
    FROM results WHERE grading_id BETWEEN :first AND :last GROUP BY grading_id, question
""")


def upgrade() -> None:
    """Create the tables, and compute the sums of existing gradings."""
    _tables()
    _sum_up()
    dialect = op.get_context().dialect.name
    grading = (
        "(SELECT s.student_id FROM gradings g JOIN submissions s ON s.id = g.submission_id WHERE g.id = OLD.grading_id)"
    )
    submission = "(SELECT s.student_id FROM submissions s WHERE s.id = OLD.submission_id)"
    for statement in (*append_only(dialect, "question_results", grading), *append_only(dialect, "marks", submission)):
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "question_results",
        sa.Column("grading_id", sa.Integer, sa.ForeignKey("gradings.id"), primary_key=True),
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("max_score", sa.Double, nullable=False),
        sa.Column("pending", sa.Double, nullable=False),
        sa.CheckConstraint("score >= 0 AND pending >= 0", name="question_results_points"),
        sa.CheckConstraint("score + pending <= max_score + 1e-6", name="question_results_max_score"),
    )
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_id", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("points", sa.Double),
        sa.Column("max_points", sa.Double, nullable=False),
        sa.Column("items", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("marker", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points >= 0 AND points <= max_points + 1e-6", name="marks_points"),
        sa.CheckConstraint("length(question) BETWEEN 1 AND 200", name="marks_question_length"),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "marks", ["submission_id", "question", "id"])
    op.create_table(
        "claims",
        sa.Column("submission_id", sa.Integer, sa.ForeignKey("submissions.id"), primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "claims", ["holder"])


def _sum_up() -> None:
    connection = op.get_bind()
    made = sa.table(
        "question_results", *(sa.column(n) for n in ("grading_id", "question", "kind", "score", "max_score", "pending"))
    )
    page = sa.text("SELECT id, questions FROM gradings WHERE id > :after ORDER BY id LIMIT :page")
    after = 0
    while gradings := connection.execute(page, {"after": after, "page": PAGE}).all():
        between = {"first": gradings[0].id, "last": gradings[-1].id}
        sums = {(row.grading_id, row.question): row[2:] for row in connection.execute(SUMS, between)}
        rows = []
        for id, questions in gradings:
            for question, kind, *_ in json.loads(questions):
                points = dict(zip(("score", "max_score", "pending"), sums.get((id, question), (0, 0, 0)), strict=True))
                rows.append({"grading_id": id, "question": question, "kind": kind} | points)
        if rows:
            connection.execute(made.insert(), rows)
        after = gradings[-1].id
