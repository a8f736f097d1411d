"""Who asks: the account that the token of a request stands for. Its role says what it may do."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.auth import APortal

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of your account page, or of `grader user token`: `Authorization: Bearer grader_…`.",
)


async def holder(portal: APortal, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Account:
    """The account; anybody else is asked for a token."""
    account = await portal.lanes.quick(_held_by, portal, sent.credentials) if sent is not None else None
    if account is None:
        detail = "Send a token that is valid: Authorization: Bearer grader_…; your account page makes one."
        raise HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
    return account


def _held_by(portal: Portal, token: str) -> Account | None:
    id = portal.store.tokens.holder(token)
    return None if id is None else portal.store.accounts.get(id)


AnyHolder = Annotated[Account, Depends(holder)]


async def student(account: AnyHolder) -> Account:
    """A student."""
    if account.role != "student":
        raise HTTPException(403, "This is for students: the token is an instructor's.")
    return account


async def instructor(account: AnyHolder) -> Account:
    """An instructor."""
    if account.role != "instructor":
        raise HTTPException(403, "This is for instructors: the token is a student's.")
    return account


AStudent = Annotated[Account, Depends(student)]
AnInstructor = Annotated[Account, Depends(instructor)]
