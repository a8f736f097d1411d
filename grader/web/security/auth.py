"""Who asks: dependencies for routers. Without an account one is led to sign in; whatever isn't yours isn't there."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.sessions import held


class SignInFirst(Exception):
    """Nobody is signed in, and somebody has to be."""


async def portal(request: Request) -> Portal:
    """What all requests share."""
    found: Portal = request.app.state.portal
    return found


APortal = Annotated[Portal, Depends(portal)]


async def visitor(request: Request, portal: APortal) -> Account | None:
    """The account that is signed in, as it is now; None: nobody."""
    session = held(request).there
    if session is None or not session.account:
        return None
    account = await portal.lanes.quick(portal.store.accounts.get, session.account)
    return account if account is not None and account.generation == session.generation else None


AVisitor = Annotated[Account | None, Depends(visitor)]


async def somebody(account: AVisitor) -> Account:
    """An account of whatever role."""
    if account is None:
        raise SignInFirst
    return account


AnyAccount = Annotated[Account, Depends(somebody)]


async def student(account: AnyAccount) -> Account:
    """A student. To anybody else, nothing is there."""
    if account.role != "student":
        raise HTTPException(404)
    return account


async def instructor(account: AnyAccount) -> Account:
    """An instructor. To anybody else, nothing is there."""
    if account.role != "instructor":
        raise HTTPException(404)
    return account


AStudent = Annotated[Account, Depends(student)]
AnInstructor = Annotated[Account, Depends(instructor)]
