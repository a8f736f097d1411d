"""API tokens: created on a page, shown once, revoked by their owner."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.errors import UsageError
from grader.core.text.messages import Message, gettext
from grader.store import Account
from grader.store.tables.tokens import MAX_TOKENS_PER_ACCOUNT
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep, SignedInAccount
from grader.web.security.csrf import require_csrf_token
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_csrf_token)])

TOKEN_LIFETIME: Final = timedelta(days=180)
Purpose = Annotated[str, Form(max_length=100)]


@router.get("/tokens")
def show_tokens_page(request: Request, portal: PortalDep, account: SignedInAccount) -> Response:
    """Show the account's tokens, and the form for a new one."""
    return _render_tokens_page(request, portal, account)


@router.post("/tokens")
def create_token(request: Request, portal: PortalDep, account: SignedInAccount, purpose: Purpose = "") -> Response:
    """Create a token, and show it this once."""
    try:
        token = portal.store.acting_as(account.name).tokens.create(account.id, purpose.strip(), TOKEN_LIFETIME)
    except UsageError:
        problem = gettext("You already have {n} tokens: revoke one that you no longer use.", n=MAX_TOKENS_PER_ACCOUNT)
        return _render_tokens_page(request, portal, account, status=409, problem=problem)
    return _render_tokens_page(request, portal, account, token=token)


@router.post("/tokens/{id}/revoke")
def revoke_token(portal: PortalDep, account: SignedInAccount, id: int) -> Response:
    """Revoke a token of the account."""
    portal.store.acting_as(account.name).tokens.revoke(account.id, id)
    return RedirectResponse("/tokens", 303)


def _render_tokens_page(
    request: Request,
    portal: Portal,
    account: Account,
    *,
    status: int = 200,
    token: str | None = None,
    problem: Message | None = None,
) -> Response:
    tokens = portal.store.tokens.list_valid(account.id)
    return render_page(
        request,
        "tokens.html",
        account,
        status,
        tokens=tokens,
        new_token=token,
        problem=problem,
        lifetime=TOKEN_LIFETIME,
        url=portal.settings.url,
    )
