"""The tables of rosters, ids in other systems, extensions, and the event log."""

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
