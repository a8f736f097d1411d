"""Signing in and out, and setting a password."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.text.messages import Message, gettext, ngettext
from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.auth import OptionalAccount, PortalDep, SignedInAccount
from grader.web.security.csrf import require_csrf_token
from grader.web.security.login_throttle import SignInAttempt, read_device_cookie
from grader.web.security.passwords import find_password_problem
from grader.web.security.sessions import SESSION_MAX_AGE_S, get_session
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_csrf_token)])

AccountField = Annotated[str, Form(max_length=1000)]
HOME_BY_ROLE = {"student": "/exercises", "instructor": "/class"}


@router.get("/")
def redirect_home(account: OptionalAccount) -> Response:
    """Redirect to the start page of the role."""
    return RedirectResponse(HOME_BY_ROLE[account.role] if account else "/sign-in", 303)


@router.get("/sign-in")
def show_sign_in_page(request: Request, account: OptionalAccount, next: str = "") -> Response:
    """Show the sign-in form."""
    if account is not None:
        return RedirectResponse(HOME_BY_ROLE[account.role], 303)
    return render_page(request, "sign_in.html", name="", next=_safe_redirect_path(next), problem=None)


@router.post("/sign-in")
def sign_in(
    request: Request, portal: PortalDep, name: AccountField = "", password: AccountField = "", next: AccountField = ""
) -> Response:
    """Sign in, or say that name and password don't match, or how long to wait."""
    attempt = SignInAttempt(portal, name.strip(), _address(request), read_device_cookie(request, portal))
    wait = attempt.begin()
    if wait:
        problem = gettext("Too many tries. Wait {time}, then try again.", time=_time(wait))
        answer = render_page(
            request, "sign_in.html", status=429, name=name, next=_safe_redirect_path(next), problem=problem
        )
        answer.headers["Retry-After"] = str(round(wait) + 1)
        return answer
    account = attempt.authenticate(password)
    if account is None:
        problem = gettext("The name or the password is wrong.")
        return render_page(
            request, "sign_in.html", status=401, name=name, next=_safe_redirect_path(next), problem=problem
        )
    return _start_session(request, portal, account, _safe_redirect_path(next))


@router.post("/sign-out")
def sign_out(request: Request, portal: PortalDep) -> Response:
    """End the session here and on the server: a copy of its cookie is refused from now on."""
    _end_session(request, portal)
    get_session(request).end()
    return RedirectResponse("/sign-in", 303)


@router.get("/invitation/{token}")
def show_invitation_page(request: Request, portal: PortalDep, token: str) -> Response:
    """Show the form in which an invited person chooses a password."""
    account = portal.store.accounts.find_by_invitation(token)
    if account is None:
        return render_page(request, "invitation_expired.html", status=410)
    return render_page(
        request,
        "password.html",
        action=f"/invitation/{token}",
        name=account.name,
        needs_current_password=False,
        problem=None,
    )


@router.post("/invitation/{token}")
def accept_invitation(
    request: Request, portal: PortalDep, token: str, password: AccountField = "", again: AccountField = ""
) -> Response:
    """Set the password and sign in; the invitation is used up."""
    invited = portal.store.accounts.find_by_invitation(token)
    if invited is None:
        return render_page(request, "invitation_expired.html", status=410)
    problem = find_password_problem(password, again, invited.name)
    if problem:
        action = f"/invitation/{token}"
        return render_page(
            request,
            "password.html",
            status=422,
            action=action,
            name=invited.name,
            needs_current_password=False,
            problem=problem,
        )
    account = portal.store.accounts.accept(token, portal.passwords.hash(password))
    if account is None:
        return render_page(request, "invitation_expired.html", status=410)
    return _start_session(request, portal, account, "")


@router.get("/password")
def show_password_page(request: Request, account: SignedInAccount) -> Response:
    """Show the form for a new password."""
    return render_page(
        request,
        "password.html",
        account,
        action="/password",
        name=account.name,
        needs_current_password=True,
        problem=None,
    )


@router.post("/password")
def change_password(
    request: Request,
    portal: PortalDep,
    account: SignedInAccount,
    old: AccountField = "",
    password: AccountField = "",
    again: AccountField = "",
) -> Response:
    """Set a new password; all other sessions end."""
    attempt = SignInAttempt(portal, account.name, _address(request), read_device_cookie(request, portal))
    wait = attempt.begin()
    problem = gettext("Too many tries. Wait {time}, then try again.", time=_time(wait)) if wait else None
    if problem is None and attempt.authenticate(old) is None:
        problem = gettext("Your current password is wrong.")
    problem = problem or find_password_problem(password, again, account.name)
    if problem:
        return render_page(
            request,
            "password.html",
            account,
            status=422,
            action="/password",
            name=account.name,
            needs_current_password=True,
            problem=problem,
        )
    renewed = portal.store.acting_as(account.name).accounts.set_password(account.id, portal.passwords.hash(password))
    return _start_session(request, portal, renewed or account, "")


def _end_session(request: Request, portal: Portal) -> None:
    """End the session of an account, if there is one."""
    session = get_session(request).current
    if session is not None and session.account:
        portal.store.ended_sessions.end(session.id, timedelta(seconds=SESSION_MAX_AGE_S))


def _start_session(request: Request, portal: Portal, account: Account, next: str) -> Response:
    _end_session(request, portal)
    get_session(request).begin(account.id, account.generation)
    answer = RedirectResponse(next or HOME_BY_ROLE[account.role], 303)
    read_device_cookie(request, portal).remember(answer, account.name)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _safe_redirect_path(next: str) -> str:
    """Return a path of ours to go on to, empty for anything that might lead elsewhere."""
    fine = next.startswith("/") and not next.startswith("//") and "\\" not in next and next.isprintable()
    return next if fine and len(next) < 300 else ""


def _time(seconds: float) -> Message:
    if seconds < 90:
        return ngettext("{n} second", "{n} seconds", n=round(seconds))
    return gettext("{n} minutes", n=round(seconds / 60))
