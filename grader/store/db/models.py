"""The tables of submissions and gradings. Migrations create them; a test requires that both agree.

students -< submissions -< gradings -< results (of checks) and question_results (their sums); each submission's bytes
are in `blobs`, once per content. Marks, rosters and the other tables are in `course_models`.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from grader.core.results.verdict import Verdict
from grader.store.db.base import AUTOINCREMENT, MAX_NAME_LENGTH, Base, UtcDateTime
from grader.store.secret import SECRET_BYTES


class SecretRow(Base):
    """Random bytes made once per database."""

    __tablename__ = "secrets"
    __table_args__ = (CheckConstraint(f"length(value) = {SECRET_BYTES}", name="secrets_length"),)

    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StudentRow(Base):
    """A student."""

    __tablename__ = "students"
    __table_args__ = (
        Unique("name"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="students_name_length"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureRow(Base):
    """A student's erasure. While it is open (`finished_at` is null), that student's records may be deleted."""

    __tablename__ = "erasures"
    __table_args__ = (AUTOINCREMENT,)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int]  # not a foreign key, because the erasure outlives the student
    reason: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BlobRow(Base):
    """Bytes by the hash of their content. `size` is the size before compression with zlib."""

    __tablename__ = "blobs"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="blobs_sha256_length"),
        CheckConstraint("size >= 0", name="blobs_size"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    compressed: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]


class SubmissionRow(Base):
    """A student's n-th submission for an exercise. The same bytes again are the same submission."""

    __tablename__ = "submissions"
    __table_args__ = (
        Unique("student_id", "exercise", "number"),
        Unique("student_id", "exercise", "sha256"),
        Index(None, "exercise", "id"),
        Index(None, "sha256"),
        CheckConstraint("number >= 1", name="submissions_number"),
        CheckConstraint(f"length(exercise) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="submissions_exercise_length"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    exercise: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    file_name: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
