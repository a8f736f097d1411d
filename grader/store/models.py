"""The tables. The migrations make them; a test holds that both say the same.

students -< submissions -< gradings -< results, and each submission's bytes in `blobs`, once per content.
"""

from datetime import UTC, datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, DateTime, Double, ForeignKey, Index, LargeBinary, MetaData, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from grader.core.verdict import Verdict
from grader.store.secret import SECRET_BYTES

NAME_LENGTH: Final = 200
"""Characters of a student's or exercise's name."""

_NAMES: Final = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}
_AUTOINCREMENT: Final = {"sqlite_autoincrement": True}  # an erased row's id never comes back


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: always with a time zone in Python, always in UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone. A moment without a zone raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With UTC as its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {float: Double}


class SecretRow(Base):
    """Random bytes made once per database."""

    __tablename__ = "secrets"
    __table_args__ = (CheckConstraint(f"length(value) = {SECRET_BYTES}", name="secrets_length"),)

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StudentRow(Base):
    """Somebody who hands in."""

    __tablename__ = "students"
    __table_args__ = (
        Unique("name"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {NAME_LENGTH}", name="students_name_length"),
        _AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureRow(Base):
    """A student's erasure. While it is open (`finished_at` is null), that student's records may be deleted."""

    __tablename__ = "erasures"
    __table_args__ = (_AUTOINCREMENT,)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int]  # no foreign key: the erasure outlives the student
    reason: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BlobRow(Base):
    """Bytes by the hash of their content. `size` is that before compression with zlib."""

    __tablename__ = "blobs"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="blobs_sha256_length"),
        CheckConstraint("size >= 0", name="blobs_size"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    compressed: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]


class SubmissionRow(Base):
    """The n-th of a student for an exercise. The same bytes again are the same submission."""

    __tablename__ = "submissions"
    __table_args__ = (
        Unique("student_id", "exercise", "number"),
        Unique("student_id", "exercise", "sha256"),
        Index(None, "exercise", "id"),
        Index(None, "sha256"),
        CheckConstraint("number >= 1", name="submissions_number"),
        CheckConstraint(f"length(exercise) BETWEEN 1 AND {NAME_LENGTH}", name="submissions_exercise_length"),
        _AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    exercise: Mapped[str] = mapped_column(String(NAME_LENGTH))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    file_name: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GradingRow(Base):
    """One run of the checks over a submission, or why it couldn't be read (`error`).

    `questions` is JSON, `[[id, kind], ...]` in order; `cells` is JSON, a list of CellRun.
    """

    __tablename__ = "gradings"
    __table_args__ = (
        Index(None, "submission_id", "id"),
        CheckConstraint("score >= 0 AND pending >= 0", name="gradings_points"),
        CheckConstraint("score + pending <= max_score + 1e-6", name="gradings_max_score"),
        CheckConstraint("error IS NULL OR score = 0", name="gradings_unreadable_earns_nothing"),
        _AUTOINCREMENT,
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


class ResultRow(Base):
    """How one check ended. `detail` is JSON: the fields of CheckResult that have no column and aren't the default."""

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
