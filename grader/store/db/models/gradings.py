"""The tables of gradings: check results, question sums, course versions, marks, and claims of running gradings."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from grader.core.results.verdict import Verdict
from grader.store.db.base import AUTOINCREMENT, MAX_NAME_LENGTH, Base, UtcDateTime


class CourseVersionRow(Base):
    """A version of a course that was used for a grading. A trigger requires that every grading's is here."""

    __tablename__ = "course_versions"

    version: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExerciseRow(Base):
    """An exercise of a course version; `position` counts from 0."""

    __tablename__ = "exercises"
    __table_args__ = (
        Unique("course_version", "position"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="exercises_name_length"),
        CheckConstraint("max_score >= 0", name="exercises_max_score"),
    )

    course_version: Mapped[str] = mapped_column(ForeignKey("course_versions.version"), primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    max_score: Mapped[float]


class GradingRow(Base):
    """One run of the checks over a submission, or the reason why it couldn't be read (`error`).

    `questions` is JSON, `[[id, kind], ...]` in order; `cells` is JSON, a list of CellRun.
    """

    __tablename__ = "gradings"
    __table_args__ = (
        Index(None, "submission_id", "id"),
        CheckConstraint("score >= 0 AND pending >= 0", name="gradings_points"),
        CheckConstraint("score + pending <= max_score + 1e-6", name="gradings_max_score"),
        CheckConstraint("error IS NULL OR score = 0", name="gradings_unreadable_earns_nothing"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    course_version: Mapped[str] = mapped_column(Text)
    grader_version: Mapped[str] = mapped_column(Text)
    seed: Mapped[str] = mapped_column(Text)
    sandbox: Mapped[str] = mapped_column(Text)
    elapsed_ms: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[float]
    max_score: Mapped[float]
    pending: Mapped[float]
    faulted: Mapped[bool]
    error: Mapped[str | None] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text)
    cells: Mapped[str] = mapped_column(Text)


class QuestionResultRow(Base):
    """The result of one question in a grading: the sums over its checks, before any mark."""

    __tablename__ = "question_results"
    __table_args__ = (
        CheckConstraint("score >= 0 AND pending >= 0", name="question_results_points"),
        CheckConstraint("score + pending <= max_score + 1e-6", name="question_results_max_score"),
    )

    grading_id: Mapped[int] = mapped_column(ForeignKey("gradings.id"), primary_key=True)
    question: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    max_score: Mapped[float]
    pending: Mapped[float]


class ResultRow(Base):
    """The result of one check. `detail` is JSON: the fields of a DetailRecord that aren't the default."""

    __tablename__ = "results"
    __table_args__ = (
        CheckConstraint("verdict IN ({})".format(", ".join(f"'{v}'" for v in Verdict)), name="results_verdict"),
        CheckConstraint("points >= 0 AND points <= max_points + 1e-6", name="results_points"),
        CheckConstraint("verdict <> 'grader_error' OR points = 0", name="results_fault_earns_nothing"),
    )

    grading_id: Mapped[int] = mapped_column(ForeignKey("gradings.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    points: Mapped[float]
    max_points: Mapped[float]
    hidden: Mapped[bool]
    mistake: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)


class MarkRow(Base):
    """A person's points for a question of one submission; the latest row counts. No `points`: it was withdrawn.

    `items` is JSON, the ticked items of the rubric.
    """

    __tablename__ = "marks"
    __table_args__ = (
        Index(None, "submission_id", "question", "id"),
        CheckConstraint("points >= 0 AND points <= max_points + 1e-6", name="marks_points"),
        CheckConstraint(f"length(question) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="marks_question_length"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    question: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    points: Mapped[float | None]
    max_points: Mapped[float]
    items: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    marker: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClaimRow(Base):
    """The dispatcher that is grading a submission now; the claim expires at `until` unless it is renewed."""

    __tablename__ = "claims"
    __table_args__ = (Index(None, "holder"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
