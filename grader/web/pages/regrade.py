"""Grading anew what another version of the course or the program graded: first what would change, then the change."""

from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from grader import __version__
from grader.core.bank import fingerprint
from grader.store import Account
from grader.web.csrf import protected
from grader.web.errands import Errand
from grader.web.pages.instructor import ITS_OWN
from grader.web.portal import Portal
from grader.web.rendering import page
from grader.web.signed_in import AnInstructor, APortal, instructor

router = APIRouter(dependencies=[Depends(instructor), Depends(protected)])


@router.get("/regrade")
def regrade(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """How much is of another version, what a regrade would change, and what the last one changed."""
    return _shown(request, portal, account)


@router.post("/regrade/rehearsal")
def rehearse(portal: APortal, account: AnInstructor) -> Response:
    """Asks for what would change; nothing is recorded."""
    portal.errands.ask(Errand.REHEARSAL, account.name)
    return RedirectResponse("/regrade", 303)


@router.post("/regrade")
def carry_out(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """Asks for the regrade, of which one has to know what it changes."""
    rehearsed = portal.errands.outcome(Errand.REHEARSAL, portal.course.version)
    if rehearsed is None or not rehearsed.page:
        return _shown(request, portal, account, 409, "Nothing was graded anew: look first at what would change.")
    portal.errands.ask(Errand.REGRADE, account.name)
    return RedirectResponse("/regrade", 303)


@router.get("/regrade/{errand}")
def result(portal: APortal, errand: Literal["rehearsal", "regrade"]) -> Response:
    """Whose score changes, or has changed, and by which check: the page of `grader grade --regrade --html`."""
    outcome = portal.errands.outcome(Errand(errand), portal.course.version)
    if outcome is None or not outcome.page:
        raise HTTPException(404)
    return Response(outcome.page, media_type="text/html; charset=utf-8", headers=ITS_OWN)


def _shown(
    request: Request, portal: Portal, account: Account, status: int = 200, problem: str | None = None
) -> Response:
    store, version = portal.store, portal.course.version
    names = {e.name for e in portal.course.exercises}
    outdated = store.outdated(version, __version__, fingerprint(store.secret()))
    return page(
        request,
        "regrade.html",
        account,
        status,
        outdated=sum(one.exercise in names for one in outdated),
        under_way=[one for one in (Errand.REHEARSAL, Errand.REGRADE) if portal.errands.is_asked(one)],
        rehearsed=portal.errands.outcome(Errand.REHEARSAL, version),
        regraded=portal.errands.outcome(Errand.REGRADE, version),
        problem=problem,
    )
