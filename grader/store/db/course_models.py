"""The tables around submissions: rosters, extensions, marks, claims, accounts, sign-in tries, and the event log."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from grader.store.db.base import AUTOINCREMENT, MAX_NAME_LENGTH, Base, UtcDateTime

EVENT_KINDS: Final = (
    *("enrolled", "extended", "marked", "regraded", "erased"),
    *("invited", "reset", "password", "token", "throttled"),
)
"""Kinds of events in the log. Submissions and gradings have times of their own."""
ACCOUNT_ROLES: Final = ("student", "instructor")
"""Roles of an account in the portal."""


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


class EnrolmentRow(Base):
    """A student's entry on a roster; empty fields were not given. Kept up to date, not append-only."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(None, "section"),
        CheckConstraint(f"length(display_name) <= {MAX_NAME_LENGTH}", name="enrolments_display_name_length"),
        CheckConstraint(f"length(email) <= {MAX_NAME_LENGTH}", name="enrolments_email_length"),
        CheckConstraint(f"length(section) <= {MAX_NAME_LENGTH}", name="enrolments_section_length"),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True, autoincrement=False)
    display_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    email: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    section: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StudentIdRow(Base):
    """A student's id in another system: `canvas`, `moodle`, `gradescope`, …; each id belongs to one student."""

    __tablename__ = "student_ids"
    __table_args__ = (
        Unique("system", "external_id"),
        CheckConstraint("length(system) BETWEEN 1 AND 40", name="student_ids_system_length"),
        CheckConstraint(f"length(external_id) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="student_ids_external_id_length"),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True, autoincrement=False)
    system: Mapped[str] = mapped_column(String(40), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))


class ExtensionRow(Base):
    """A student's extended deadline for one exercise; the latest row counts. No `until`: it was withdrawn."""

    __tablename__ = "extensions"
    __table_args__ = (
        Index(None, "student_id", "exercise", "id"),
        CheckConstraint(f"length(exercise) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="extensions_exercise_length"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    exercise: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


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


class EventRow(Base):
    """An entry of the log: user, action and time; about a student, or (no `student_id`) about everybody."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "student_id"),
        CheckConstraint("what IN ({})".format(", ".join(f"'{what}'" for what in EVENT_KINDS)), name="events_what"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(40))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    detail: Mapped[str] = mapped_column(Text)


class AccountRow(Base):
    """An account of the portal. Kept up to date, not append-only.

    `password` is an argon2 hash; without one, signing in is impossible. Raising `generation` ends all sessions.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        Unique("name"),
        Unique("student_id"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {MAX_NAME_LENGTH}", name="accounts_name_length"),
        CheckConstraint("role IN ({})".format(", ".join(f"'{role}'" for role in ACCOUNT_ROLES)), name="accounts_role"),
        CheckConstraint("(role = 'student') = (student_id IS NOT NULL)", name="accounts_student"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(20))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    password: Mapped[str | None] = mapped_column(Text)
    generation: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InvitationRow(Base):
    """The one open invitation of an account, by the hash of its token; deleted once it is used."""

    __tablename__ = "invitations"
    __table_args__ = (
        Unique("sha256"),
        CheckConstraint("length(sha256) = 64", name="invitations_sha256_length"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TokenRow(Base):
    """A token with which a program acts as an account at the portal's API until it expires, by its hash."""

    __tablename__ = "tokens"
    __table_args__ = (
        Unique("sha256"),
        Index(None, "account_id"),
        CheckConstraint("length(sha256) = 64", name="tokens_sha256_length"),
        CheckConstraint(f"length(purpose) <= {MAX_NAME_LENGTH}", name="tokens_purpose_length"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TryRow(Base):
    """An attempt that counts towards a rate limit for a while, by a hash that only the portal can compute."""

    __tablename__ = "tries"
    __table_args__ = (
        Index(None, "key", "at"),
        Index(None, "at"),
        CheckConstraint("length(key) = 64", name="tries_key_length"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
