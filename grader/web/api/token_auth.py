"""The account that the token of a request stands for. Its role decides what it may do."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of the page Tokens, or of `grader user token`: `Authorization: Bearer grader_…`.",
)


async def require_token(
    portal: PortalDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Account:
    """Return the account; without one, the answer asks for a token."""
    account = (
        await portal.thread_pools.run_quick(_find_token_account, portal, credentials.credentials)
        if credentials is not None
        else None
    )
    if account is None:
        detail = "Send a token that is valid: Authorization: Bearer grader_…; the page Tokens makes one."
        raise HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
    return account


def _find_token_account(portal: Portal, token: str) -> Account | None:
    id = portal.store.tokens.find_account(token)
    return None if id is None else portal.store.accounts.get(id)


TokenAccount = Annotated[Account, Depends(require_token)]


async def require_student_token(account: TokenAccount) -> Account:
    """Return the student."""
    if account.role != "student":
        raise HTTPException(403, "This is for students: the token is an instructor's.")
    return account


async def require_instructor_token(account: TokenAccount) -> Account:
    """Return the instructor."""
    if account.role != "instructor":
        raise HTTPException(403, "This is for instructors: the token is a student's.")
    return account


StudentTokenAccount = Annotated[Account, Depends(require_student_token)]
InstructorTokenAccount = Annotated[Account, Depends(require_instructor_token)]
