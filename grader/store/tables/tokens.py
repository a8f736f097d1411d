"""Tokens of the portal's API: a program with a token acts as its account. Only hashes of tokens are stored."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from grader.core.errors import UsageError
from grader.store.db.engine import Database
from grader.store.db.models.accounts import AccountRow, TokenRow
from grader.store.records import Token
from grader.store.tables import events
from grader.store.tables.grading_rows import make_storable

TOKEN_PREFIX: Final = "grader_"
"""Prefix of all tokens, so that one that was published by mistake can be found."""
MAX_TOKENS_PER_ACCOUNT: Final = 20
"""Maximum number of tokens per account."""
MAX_PURPOSE_LENGTH: Final = 100
_TOKEN_BYTES: Final = 32


class Tokens:
    """The tokens of an open database."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._who = user

    def create(self, account: int, purpose: str, valid: timedelta) -> str:
        """Create a token, which can't be shown again later. Raises UsageError if there are too many."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        now = datetime.now(UTC)
        row = {
            "account_id": account,
            "purpose": make_storable(purpose)[:MAX_PURPOSE_LENGTH],
            "sha256": _hash_token(token),
            "created_at": now,
            "expires_at": now + valid,
        }
        mine = select(TokenRow.id).where(TokenRow.account_id == account)
        with self._database.write() as connection:
            connection.execute(select(AccountRow.id).where(AccountRow.id == account).with_for_update())
            connection.execute(delete(TokenRow).where(TokenRow.account_id == account, TokenRow.expires_at <= now))
            if len(connection.scalars(mine).all()) >= MAX_TOKENS_PER_ACCOUNT:
                raise UsageError(f"there are {MAX_TOKENS_PER_ACCOUNT} tokens already: revoke an unused one")
            id = connection.scalars(insert(TokenRow).returning(TokenRow.id), [row]).one()
            detail = f"{id} made, until {now + valid:%Y-%m-%d %H:%M} UTC"
            events.record_account_event(connection, self._who, "token", account, detail)
        return token

    def find_account(self, token: str) -> int | None:
        """Return the id of a token's account; None if the token is unknown or expired."""
        wanted = select(TokenRow.account_id).where(
            TokenRow.sha256 == _hash_token(token), TokenRow.expires_at > datetime.now(UTC)
        )
        with self._database.read() as connection:
            return connection.scalar(wanted)

    def list_valid(self, account: int) -> list[Token]:
        """Return an account's valid tokens, the newest first."""
        wanted = select(TokenRow).where(TokenRow.account_id == account, TokenRow.expires_at > datetime.now(UTC))
        with self._database.read() as connection:
            rows = connection.execute(wanted.with_only_columns(*TokenRow.__table__.c).order_by(TokenRow.id.desc()))
            return [Token(row.id, row.purpose, row.created_at, row.expires_at) for row in rows]

    def revoke(self, account: int, id: int) -> bool:
        """Revoke a token of that account; return False if there is none."""
        with self._database.write() as connection:
            ended = delete(TokenRow).where(TokenRow.account_id == account, TokenRow.id == id)
            if connection.execute(ended).rowcount != 1:
                return False
            events.record_account_event(connection, self._who, "token", account, f"{id} revoked")
            return True


def delete_tokens(connection: Connection, accounts: Any) -> None:
    """Revoke all tokens of these accounts; `accounts` is their ids, or a query for them."""
    connection.execute(delete(TokenRow).where(TokenRow.account_id.in_(accounts)))


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
