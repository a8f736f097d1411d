"""Authentication and authorisation as dependencies of routers. A page that isn't yours doesn't exist for you."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.sessions import Session, get_session


class SignInRequired(Exception):
    """Raised if nobody is signed in and the page needs an account."""


async def get_portal(request: Request) -> Portal:
    """Return the state that all requests share."""
    found: Portal = request.app.state.portal
    return found


PortalDep = Annotated[Portal, Depends(get_portal)]


async def get_visitor(request: Request, portal: PortalDep) -> Account | None:
    """Return the account that is signed in, as it is now, or None."""
    session = get_session(request).current
    if session is None or not session.account:
        return None
    return await portal.thread_pools.run_quick(_find_account, portal, session)


def _find_account(portal: Portal, session: Session) -> Account | None:
    """Return the account of a session that has not ended."""
    account = portal.store.accounts.get(session.account)
    if account is None or account.generation != session.generation:
        return None
    return None if portal.store.ended_sessions.has_ended(session.id) else account


OptionalAccount = Annotated[Account | None, Depends(get_visitor)]


async def require_account(account: OptionalAccount) -> Account:
    """Return the account, of any role."""
    if account is None:
        raise SignInRequired
    return account


SignedInAccount = Annotated[Account, Depends(require_account)]


async def require_student(account: SignedInAccount) -> Account:
    """Return the student. For anybody else the page doesn't exist."""
    if account.role != "student":
        raise HTTPException(404)
    return account


async def require_instructor(account: SignedInAccount) -> Account:
    """Return the instructor. For anybody else the page doesn't exist."""
    if account.role != "instructor":
        raise HTTPException(404)
    return account


SignedInStudent = Annotated[Account, Depends(require_student)]
SignedInInstructor = Annotated[Account, Depends(require_instructor)]
