"""The roster: the students of the class, read from a table, and their invitations."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from pydantic import BaseModel

from grader.core.errors import GraderError, UsageError
from grader.core.text.messages import Message, MessageLike, as_message, gettext, ngettext
from grader.formats.collect.match_roster import AdoptionPlan
from grader.formats.collect.roster_table import RosterEntry, read_roster
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
DECIDE_LATER: Final = "later"
CHOSEN_ID: Final = "id:"
"""Values of a choice of who a student is: undecided, or this and an id, which is empty for nobody of the table."""


class FormEntry(BaseModel):
    """A line of a roster, as the page keeps it while a question is open."""

    student: str
    name: str = ""
    email: str = ""
    section: str = ""
    ids: dict[str, str] = {}


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
        imported = people.import_roster(portal.store.acting_as(account.name), roster.entries)
    except GraderError as error:
        problem = gettext("Nothing was changed: {reason}", reason=as_message(error.message))
        return _render_roster_page(request, portal, account, 422, problem=problem)
    counted = gettext("{counted}.", counted=imported.count_rows(roster.rows).describe())
    messages = [*roster.remarks, *_describe_import(imported), counted]
    return _render_roster_page(request, portal, account, messages=messages, plan=imported.plan)


@router.post("/roster/adopt")
def adopt_students(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    entries: Annotated[str, Form(max_length=1_000_000)] = "",
    student: Annotated[list[str] | None, Form()] = None,
    choice: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Take the answers of who is who, and the lines of the table that waited for them."""
    answers = dict(zip(student or (), choice or (), strict=False))
    decisions = {name: answer.removeprefix(CHOSEN_ID) for name, answer in answers.items() if answer != DECIDE_LATER}
    try:
        imported = people.import_roster(portal.store.acting_as(account.name), _read_entries(entries), decisions)
    except GraderError as error:
        problem = gettext("Nothing was changed: {reason}", reason=as_message(error.message))
        return _render_roster_page(request, portal, account, 422, problem=problem)
    return _render_roster_page(request, portal, account, messages=_describe_import(imported), plan=imported.plan)


def _read_entries(text: str) -> list[RosterEntry]:
    """Return the lines that the page had written into its form."""
    try:
        return [RosterEntry(**FormEntry.model_validate(one).model_dump()) for one in json.loads(text)]
    except (ValueError, TypeError, RecursionError) as error:
        raise HTTPException(422) from error


def _write_entries(plan: AdoptionPlan) -> str:
    """Return the lines that wait for an answer, for the page's form."""
    waiting = {entry.student: entry for one in plan.questions for entry in one.candidates}
    return json.dumps([FormEntry.model_validate(asdict(entry)).model_dump() for entry in waiting.values()])


def _describe_import(imported: people.RosterImport) -> list[Message]:
    adopted = [
        gettext("{name} is {id} now, with everything on record.", name=name, id=id)
        for name, id in imported.plan.adopted.items()
    ]
    return [*adopted, ngettext("{n} student is on record.", "{n} students are on record.", n=imported.count)]


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
    plan: AdoptionPlan | None = None,
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
        questions=plan.questions if plan else (),
        waiting_entries=_write_entries(plan) if plan and plan.questions else "",
        later=DECIDE_LATER,
        chosen=CHOSEN_ID,
        lifetime=INVITATION_LIFETIME,
    )
