"""Signing in and out, setting a password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.text.messages import Phrase, say
from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.auth import AnyAccount, APortal, AVisitor
from grader.web.security.csrf import protected
from grader.web.security.login_throttle import SignIn, known_devices
from grader.web.security.passwords import problem
from grader.web.security.sessions import held
from grader.web.views.rendering import page

router = APIRouter(dependencies=[Depends(protected)])

Text = Annotated[str, Form(max_length=1000)]
HOMES = {"student": "/exercises", "instructor": "/class"}


@router.get("/")
def start(account: AVisitor) -> Response:
    """Where somebody begins."""
    return RedirectResponse(HOMES[account.role] if account else "/sign-in", 303)


@router.get("/sign-in")
def ask(request: Request, account: AVisitor, next: str = "") -> Response:
    """The form."""
    if account is not None:
        return RedirectResponse(HOMES[account.role], 303)
    return page(request, "sign_in.html", name="", next=_own(next), problem=None)


@router.post("/sign-in")
def sign_in(request: Request, portal: APortal, name: Text = "", password: Text = "", next: Text = "") -> Response:
    """Signs in, or says that name and password don't go together, or how long to wait."""
    attempt = SignIn(portal, name.strip(), _address(request), known_devices(request, portal))
    wait = attempt.begin()
    if wait:
        said = say("That was tried too often. Wait {time}, then try again.", time=_time(wait))
        answer = page(request, "sign_in.html", status=429, name=name, next=_own(next), problem=said)
        answer.headers["Retry-After"] = str(round(wait) + 1)
        return answer
    account = attempt.account(password)
    if account is None:
        said = say("This name and this password don't go together.")
        return page(request, "sign_in.html", status=401, name=name, next=_own(next), problem=said)
    return _welcomed(request, portal, account, _own(next))


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Forgets the session."""
    held(request).end()
    return RedirectResponse("/sign-in", 303)


@router.get("/invitation/{token}")
def invitation(request: Request, portal: APortal, token: str) -> Response:
    """The form in which an invited person chooses a password."""
    account = portal.store.accounts.invited(token)
    if account is None:
        return page(request, "invitation_over.html", status=410)
    return page(request, "password.html", action=f"/invitation/{token}", name=account.name, old=False, problem=None)


@router.post("/invitation/{token}")
def accept(request: Request, portal: APortal, token: str, password: Text = "", again: Text = "") -> Response:
    """Sets the password and signs in; the invitation is used up."""
    invited = portal.store.accounts.invited(token)
    if invited is None:
        return page(request, "invitation_over.html", status=410)
    said = problem(password, again, invited.name)
    if said:
        action = f"/invitation/{token}"
        return page(request, "password.html", status=422, action=action, name=invited.name, old=False, problem=said)
    account = portal.store.accounts.accept(token, portal.passwords.hash(password))
    if account is None:
        return page(request, "invitation_over.html", status=410)
    return _welcomed(request, portal, account, "")


@router.get("/password")
def change(request: Request, account: AnyAccount) -> Response:
    """The form for another password."""
    return page(request, "password.html", account, action="/password", name=account.name, old=True, problem=None)


@router.post("/password")
def changed(
    request: Request,
    portal: APortal,
    account: AnyAccount,
    old: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Sets another password; all other sessions end."""
    attempt = SignIn(portal, account.name, _address(request), known_devices(request, portal))
    wait = attempt.begin()
    said = say("That was tried too often. Wait {time}, then try again.", time=_time(wait)) if wait else None
    if said is None and attempt.account(old) is None:
        said = say("The password that you have now is another one.")
    said = said or problem(password, again, account.name)
    if said:
        return page(
            request, "password.html", account, status=422, action="/password", name=account.name, old=True, problem=said
        )
    renewed = portal.store.acting_as(account.name).accounts.set_password(account.id, portal.passwords.hash(password))
    return _welcomed(request, portal, renewed or account, "")


def _welcomed(request: Request, portal: Portal, account: Account, next: str) -> Response:
    held(request).begin(account.id, account.generation)
    answer = RedirectResponse(next or HOMES[account.role], 303)
    known_devices(request, portal).remember(answer, account.name)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _own(next: str) -> str:
    """A path of ours to go on to; empty for anything that might lead elsewhere."""
    fine = next.startswith("/") and not next.startswith("//") and "\\" not in next and next.isprintable()
    return next if fine and len(next) < 300 else ""


def _time(seconds: float) -> Phrase:
    return say("{n} seconds", n=round(seconds)) if seconds < 90 else say("{n} minutes", n=round(seconds / 60))
