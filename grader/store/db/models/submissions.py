"""The tables of students and what they hand in; each submission's bytes are in `blobs`, once per content."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

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
    """A student's n-th submission for an exercise. The same bytes again are the same submission.

    `attempt` is the attempt that it belongs to, if that isn't `number`: submissions that only complete a set of files
    are one attempt, of which the last one counts.
    """

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
    attempt: Mapped[int | None]
