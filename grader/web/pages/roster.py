"""The roster: who is in the class, read from a table, and invited to sign in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile

from grader.core.errors import GraderError, UsageError
from grader.formats.collect.roster_table import read_roster
from grader.store import Account, Enrolment
from grader.web.app_state import Portal
from grader.web.security.auth import AnInstructor, APortal, instructor
from grader.web.security.csrf import protected
from grader.web.views import class_view
from grader.web.views.rendering import page

router = APIRouter(dependencies=[Depends(instructor), Depends(protected)])

VALID: Final = timedelta(days=14)
AT_ONCE: Final = 500
"""Invitations made by one click."""


@dataclass(frozen=True)
class Invited:
    """Somebody, and the link by which a password is set, shown this once."""

    name: str
    link: str


@router.get("/roster")
def roster(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """Who is in the class."""
    return _shown(request, portal, account)


@router.post("/roster")
def enroll(request: Request, portal: APortal, account: AnInstructor, file: UploadFile | None = None) -> Response:
    """Reads a table of students; what it doesn't tell stays as it was."""
    try:
        if file is None or not file.filename:
            raise UsageError("no file was chosen: choose the table, as CSV")
        rows = [Enrolment(e.student, e.name, e.email, e.section, e.ids) for e in read_roster(file.file.read())]
        count = portal.store.acting_as(account.name).people.enroll(rows)
    except GraderError as error:
        return _shown(request, portal, account, 422, problem=f"Nothing was changed: {error}")
    said = "1 student is on record." if count == 1 else f"{count} students are on record."
    return _shown(request, portal, account, said=said)


@router.post("/roster/invite")
def invite(
    request: Request, portal: APortal, account: AnInstructor, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Invites one student anew, or all who have no account yet; their links are shown this once."""
    people = class_view.people(portal.store)
    try:
        if name:
            chosen = [one for one in people if one.enrolment.student == name]
        else:
            chosen = [one for one in people if one.account is None][:AT_ONCE]
        invited = [_invited(portal, account, one) for one in chosen]
    except UsageError as error:
        return _shown(request, portal, account, 409, problem=str(error))
    return _shown(request, portal, account, invited=invited)


def _invited(portal: Portal, account: Account, one: class_view.Somebody) -> Invited:
    """A link for somebody. Who has a password loses it: the link is for those who forgot theirs."""
    accounts, name = portal.store.acting_as(account.name).accounts, one.enrolment.student
    token = accounts.add(name, "student", VALID) if one.account is None else accounts.reset(name, VALID)
    return Invited(name, f"{portal.settings.url}/invitation/{token}")


def _shown(
    request: Request,
    portal: Portal,
    account: Account,
    status: int = 200,
    *,
    problem: str | None = None,
    said: str | None = None,
    invited: list[Invited] | None = None,
) -> Response:
    return page(
        request,
        "roster.html",
        account,
        status,
        people=class_view.people(portal.store),
        problem=problem,
        said=said,
        invited=invited or [],
        valid=VALID,
    )
