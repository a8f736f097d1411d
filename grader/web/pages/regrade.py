"""Regrading submissions that another version graded: first a dry run, then the change."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.text.messages import Message, gettext
from grader.store import Account
from grader.version import __version__
from grader.web.app_state import Portal
from grader.web.pages.instructor import EMBEDDED_CSP_HEADERS
from grader.web.processes.background_jobs import BackgroundJobKind, RegradeScope
from grader.web.security.auth import PortalDep, SignedInInstructor, require_instructor
from grader.web.security.csrf import require_csrf_token
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_instructor), Depends(require_csrf_token)])

RegradeField = Annotated[str, Form(max_length=200)]


@router.get("/regrade")
def show_regrade_page(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    student: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show how many gradings are of another version, the dry run, and the last regrade."""
    return _render_regrade_page(request, portal, account, scope=RegradeScope(student))


@router.post("/regrade/preview")
def start_dry_run(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    student: RegradeField = "",
    what: RegradeField = "",
) -> Response:
    """Start a dry run for all, or for one student, exercise or question; nothing is recorded."""
    exercise, _, question = what.partition("/")
    scope = RegradeScope(student.strip(), exercise, question)
    problem = _find_problem(portal, scope)
    if problem is not None:
        return _render_regrade_page(request, portal, account, 422, problem, scope)
    portal.background_jobs.enqueue(BackgroundJobKind.DRY_RUN, account.name, scope)
    return RedirectResponse("/regrade", 303)


@router.post("/regrade")
def start_regrade(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    student: RegradeField = "",
    exercise: RegradeField = "",
    question: RegradeField = "",
) -> Response:
    """Start the regrade of exactly the changes that the last dry run has shown."""
    dry_run = portal.background_jobs.load_result(BackgroundJobKind.DRY_RUN, portal.course.version)
    if dry_run is None or not dry_run.page:
        return _render_regrade_page(
            request, portal, account, 409, gettext("Nothing was regraded. First look at what would change.")
        )
    scope = RegradeScope(student, exercise, question)
    if dry_run.scope != scope:
        problem = gettext(
            "Nothing was regraded: there has been another preview in the meantime. Look at what it would change."
        )
        return _render_regrade_page(request, portal, account, 409, problem)
    portal.background_jobs.enqueue(BackgroundJobKind.REGRADE, account.name, scope)
    return RedirectResponse("/regrade", 303)


@router.get("/regrade/{kind}")
def show_regrade_result(portal: PortalDep, kind: Literal["preview", "regrade"]) -> Response:
    """Show each score that changes or has changed, and the check: the page of `grader grade --regrade --html`."""
    outcome = portal.background_jobs.load_result(BackgroundJobKind(kind), portal.course.version)
    if outcome is None or not outcome.page:
        raise HTTPException(404)
    return Response(outcome.page, media_type="text/html; charset=utf-8", headers=EMBEDDED_CSP_HEADERS)


def _find_problem(portal: Portal, scope: RegradeScope) -> Message | None:
    """Return why this can't be regraded, or None."""
    exercise = next((e for e in portal.course.exercises if e.name == scope.exercise), None)
    if scope.exercise and exercise is None:
        return gettext("There is no such exercise: choose one from the list.")
    if scope.question and not (exercise and exercise.question(scope.question)):
        return gettext("There is no such question: choose one from the list.")
    found = portal.store.submissions(student=scope.student or None, exercise=scope.exercise or None)
    if next(iter(found), None) is None:
        return (
            gettext("Nothing was handed in by this name: check the spelling.")
            if scope.student
            else gettext("Nothing was handed in yet.")
        )
    return None


def _render_regrade_page(
    request: Request,
    portal: Portal,
    account: Account,
    status: int = 200,
    problem: Message | None = None,
    scope: RegradeScope = RegradeScope(),
) -> Response:
    store, version = portal.store, portal.course.version
    names = {e.name for e in portal.course.exercises}
    outdated = store.iterate_outdated(version, __version__, store.seed())
    return render_page(
        request,
        "regrade.html",
        account,
        status,
        outdated=sum(one.exercise in names for one in outdated),
        active_jobs=[
            one
            for one in (BackgroundJobKind.DRY_RUN, BackgroundJobKind.REGRADE)
            if portal.background_jobs.is_active(one)
        ],
        preview=portal.background_jobs.load_result(BackgroundJobKind.DRY_RUN, version),
        last_regrade=portal.background_jobs.load_result(BackgroundJobKind.REGRADE, version),
        exercises=portal.course.exercises,
        scope=scope,
        describe_scope=lambda scope: _describe_scope(portal, scope),
        problem=problem,
    )


def _describe_scope(portal: Portal, scope: RegradeScope) -> str:
    """Return the scope of a regrade, "" for all: the exercise, the question and the student."""
    exercise = next((e for e in portal.course.exercises if e.name == scope.exercise), None)
    question = exercise.question(scope.question) if exercise and scope.question else None
    titles = [portal.language(one.title) for one in (exercise, question) if one is not None]
    return " · ".join(filter(None, (*titles, scope.student)))
