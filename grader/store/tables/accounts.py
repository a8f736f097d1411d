"""Accounts of the portal: names, roles, passwords, and the one-time invitations by which a password is set.

Passwords arrive as hashes, and only the hash of an invitation's token is stored: the database alone doesn't let anyone
sign in.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, insert, select, update

from grader.core.errors import StoreError, UsageError
from grader.core.text.messages import gettext
from grader.store.db.engine import Database, Lock
from grader.store.db.models.accounts import AccountRow, InvitationRow
from grader.store.records import Account
from grader.store.tables import events
from grader.store.tables.grading_rows import normalize_student_name
from grader.store.tables.submissions import ensure_student_ids, validate_name
from grader.store.tables.tokens import delete_tokens

_INVITATION_TOKEN_BYTES: Final = 32


class Accounts:
    """The accounts of an open database."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._who = user

    def add(self, name: str, role: str, valid: timedelta) -> str:
        """Create an account for a student or an `instructor`; return the token of its invitation.

        Raises UsageError if there is an account of that name.
        """
        validate_name("account", name)
        name = normalize_student_name(name)
        now = datetime.now(UTC)
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            if connection.scalar(select(AccountRow.id).where(AccountRow.name == name)) is not None:
                raise UsageError(
                    gettext("{name} has an account already: reset its password for a new invitation", name=repr(name))
                )
            student = ensure_student_ids(connection, {name}, now)[name] if role == "student" else None
            row = {"name": name, "role": role, "student_id": student, "generation": 1, "created_at": now}
            id = connection.scalars(insert(AccountRow).returning(AccountRow.id), [row]).one()
            events.record_account_event(connection, self._who, "invited", id, role)
            return _invite(connection, id, now + valid)

    def reset(self, name: str, valid: timedelta) -> str:
        """Remove the password, end sessions and API tokens, and invite again; return the invitation's token.

        Raises UsageError if there is no such account.
        """
        with self._database.write() as connection:
            id = connection.scalar(select(AccountRow.id).where(AccountRow.name == normalize_student_name(name)))
            if id is None:
                raise UsageError(gettext("{name} has no account: create one first", name=repr(name[:60])))
            _set_password(connection, id, None)
            events.record_account_event(connection, self._who, "reset", id, "password taken away, invited anew")
            return _invite(connection, id, datetime.now(UTC) + valid)

    def find_by_name(self, name: str) -> Account | None:
        """Return the account of that name."""
        return self._fetch_one(_select_accounts().where(AccountRow.name == normalize_student_name(name)))

    def get(self, id: int) -> Account | None:
        """Return the account of that id."""
        return self._fetch_one(_select_accounts().where(AccountRow.id == id))

    def find_by_invitation(self, token: str) -> Account | None:
        """Return the account that a token invites; None if the token is unknown, used or expired."""
        return self._fetch_one(_select_accounts().where(*_match_open_invitation(token)))

    def list_all(self) -> list[Account]:
        """Return all accounts by role and name."""
        with self._database.read() as connection:
            rows = connection.execute(_select_accounts().order_by(AccountRow.role, AccountRow.name)).all()
        return [_build_account(row) for row in rows]

    def accept(self, token: str, password: str) -> Account | None:
        """Use an invitation to set the hash of a password. Return None if it is no longer valid."""
        with self._database.write() as connection:
            used = delete(InvitationRow).where(*_match_open_invitation(token)).returning(InvitationRow.account_id)
            id = connection.scalar(used)
            if id is not None:
                _set_password(connection, id, password)
                name = connection.scalars(select(AccountRow.name).where(AccountRow.id == id)).one()
                events.record_account_event(connection, name, "password", id, "set, by invitation")
        return None if id is None else self.get(id)

    def set_password(self, id: int, password: str) -> Account | None:
        """Set the hash of a password; sessions, API tokens and an open invitation end."""
        with self._database.write() as connection:
            connection.execute(delete(InvitationRow).where(InvitationRow.account_id == id))
            _set_password(connection, id, password)
            events.record_account_event(connection, self._who, "password", id, "changed")
        return self.get(id)

    def record_throttling(self, id: int) -> None:
        """Record that there were too many attempts to sign in to this account."""
        with self._database.write() as connection:
            events.record_account_event(connection, self._who, "throttled", id, "too many wrong passwords")

    def _fetch_one(self, wanted: Select[Any]) -> Account | None:
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _build_account(row)


def delete_account(connection: Connection, student_id: int) -> None:
    """Delete the account of a student."""
    theirs = select(AccountRow.id).where(AccountRow.student_id == student_id)
    connection.execute(delete(InvitationRow).where(InvitationRow.account_id.in_(theirs)))
    delete_tokens(connection, theirs)
    connection.execute(delete(AccountRow).where(AccountRow.student_id == student_id))


def _select_accounts() -> Select[Any]:
    wanted = select(AccountRow.__table__, InvitationRow.expires_at)
    return wanted.outerjoin(InvitationRow, InvitationRow.account_id == AccountRow.id)


def _build_account(row: Any) -> Account:
    return Account(row.id, row.name, row.role, row.generation, row.password, row.expires_at)


def _match_open_invitation(token: str) -> tuple[Any, ...]:
    return InvitationRow.sha256 == _hash_token(token), InvitationRow.expires_at > datetime.now(UTC)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _invite(connection: Connection, id: int, until: datetime) -> str:
    token = secrets.token_urlsafe(_INVITATION_TOKEN_BYTES)
    connection.execute(delete(InvitationRow).where(InvitationRow.account_id == id))
    connection.execute(insert(InvitationRow), [{"account_id": id, "sha256": _hash_token(token), "expires_at": until}])
    return token


def _set_password(connection: Connection, id: int, password: str | None) -> None:
    delete_tokens(connection, [id])
    changed = update(AccountRow).where(AccountRow.id == id)
    changed = changed.values(password=password, generation=AccountRow.generation + 1)
    if connection.execute(changed).rowcount != 1:
        raise StoreError(f"there is no account {id} any more")
