"""Tokens of the API: made on a page, shown once, ended by their owner."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.errors import UsageError
from grader.core.text.messages import Phrase, say
from grader.store import Account
from grader.store.tables.tokens import MOST
from grader.web.app_state import Portal
from grader.web.security.auth import AnyAccount, APortal
from grader.web.security.csrf import protected
from grader.web.views.rendering import page

router = APIRouter(dependencies=[Depends(protected)])

VALID: Final = timedelta(days=180)
Purpose = Annotated[str, Form(max_length=100)]


@router.get("/tokens")
def tokens(request: Request, portal: APortal, account: AnyAccount) -> Response:
    """One's tokens, and the form for another."""
    return _shown(request, portal, account)


@router.post("/tokens")
def make(request: Request, portal: APortal, account: AnyAccount, purpose: Purpose = "") -> Response:
    """Makes a token, and shows it this once."""
    try:
        made = portal.store.acting_as(account.name).tokens.make(account.id, purpose.strip(), VALID)
    except UsageError:
        said = say("You have {n} tokens already: revoke one that isn't used any more.", n=MOST)
        return _shown(request, portal, account, status=409, problem=said)
    return _shown(request, portal, account, made=made)


@router.post("/tokens/{id}/revoke")
def revoke(portal: APortal, account: AnyAccount, id: int) -> Response:
    """Ends a token of one's own; of others there are none here."""
    portal.store.acting_as(account.name).tokens.revoke(account.id, id)
    return RedirectResponse("/tokens", 303)


def _shown(
    request: Request,
    portal: Portal,
    account: Account,
    *,
    status: int = 200,
    made: str | None = None,
    problem: Phrase | None = None,
) -> Response:
    there = portal.store.tokens.of(account.id)
    return page(
        request,
        "tokens.html",
        account,
        status,
        tokens=there,
        made=made,
        problem=problem,
        valid=VALID,
        url=portal.settings.url,
    )
