"""The tables of the portal's accounts: invitations, API tokens, sign-in tries, ended sessions."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from grader.store.db.base import AUTOINCREMENT, MAX_NAME_LENGTH, Base, UtcDateTime

ACCOUNT_ROLES: Final = ("student", "instructor")
"""Roles of an account in the portal."""


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


class EndedSessionRow(Base):
    """A session that was ended by signing out, by the hash of its id; deleted once its cookie has expired."""

    __tablename__ = "ended_sessions"
    __table_args__ = (
        Index(None, "expires_at"),
        CheckConstraint("length(sha256) = 64", name="ended_sessions_sha256_length"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
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
