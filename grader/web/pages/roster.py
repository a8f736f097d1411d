"""The roster: the students of the class, read from a table, and their invitations."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile

from grader.core.errors import GraderError, UsageError
from grader.core.text.messages import Message, MessageLike, as_message, gettext, ngettext
from grader.formats.collect.roster_table import read_roster
from grader.services import people
from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep, SignedInInstructor, require_instructor
from grader.web.security.csrf import require_csrf_token
from grader.web.views import class_view
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_instructor), Depends(require_csrf_token)])

INVITATION_LIFETIME: Final = timedelta(days=14)
MAX_INVITATIONS: Final = 500
"""Invitations made by one click."""


@router.get("/roster")
def show_roster_page(request: Request, portal: PortalDep, account: SignedInInstructor) -> Response:
    """Show the students of the class."""
    return _render_roster_page(request, portal, account)


@router.post("/roster")
def upload_roster(
    request: Request, portal: PortalDep, account: SignedInInstructor, file: UploadFile | None = None
) -> Response:
    """Read a table of students; what it doesn't contain stays as it was."""
    try:
        if file is None or not file.filename:
            raise UsageError(gettext("no file was chosen: choose the table, as CSV"))
        roster = read_roster(file.file.read())
        count = people.import_roster(portal.store.acting_as(account.name), roster.entries)
    except GraderError as error:
        problem = gettext("Nothing was changed: {reason}", reason=as_message(error.message))
        return _render_roster_page(request, portal, account, 422, problem=problem)
    recorded = ngettext("{n} student is on record.", "{n} students are on record.", n=count)
    messages = [*roster.remarks, recorded, gettext("{counted}.", counted=roster.rows.describe())]
    return _render_roster_page(request, portal, account, messages=messages)


@router.post("/roster/invite")
def create_invitations(
    request: Request, portal: PortalDep, account: SignedInInstructor, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Invite one student, or all without an account; the links are shown only now."""
    members = class_view.list_class_members(portal.store)
    try:
        if name:
            chosen = [one for one in members if one.enrolment.student == name]
        else:
            chosen = [one for one in members if one.account is None][:MAX_INVITATIONS]
        invitations = [_create_invitation(portal, account, one) for one in chosen]
    except UsageError as error:
        return _render_roster_page(request, portal, account, 409, problem=error.message)
    return _render_roster_page(request, portal, account, invitations=invitations)


def _create_invitation(portal: Portal, account: Account, one: class_view.ClassMember) -> people.Invitation:
    """Return a new link. An existing password is removed: the link is for people who forgot theirs."""
    store, name, url = portal.store.acting_as(account.name), one.enrolment.student, portal.settings.url
    if one.account is None:
        return people.invite(store, name, "student", INVITATION_LIFETIME, url)
    return people.invite_again(store, name, INVITATION_LIFETIME, url)


def _render_roster_page(
    request: Request,
    portal: Portal,
    account: Account,
    status: int = 200,
    *,
    problem: MessageLike | None = None,
    messages: Sequence[Message] = (),
    invitations: list[people.Invitation] | None = None,
) -> Response:
    return render_page(
        request,
        "roster.html",
        account,
        status,
        people=class_view.list_class_members(portal.store),
        problem=problem,
        messages=messages,
        invitations=invitations or [],
        lifetime=INVITATION_LIFETIME,
    )
