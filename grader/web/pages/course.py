"""The course and its records: score files to download, and the health of the course."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.errors import UsageError
from grader.core.results.grading import Grading
from grader.core.text.messages import MessageLike
from grader.course.verify.files import find_missing_helpers, find_stale_templates
from grader.formats.export.registry import EXPORT_FORMATS
from grader.sandbox.diagnostics import diagnose_layers
from grader.sandbox.host_info import inspect_host
from grader.sandbox.zygote_client import probe_sandbox
from grader.services.export import ExportRequest, export_download
from grader.store import Account
from grader.web.app_state import Portal
from grader.web.pages.student import make_download_response
from grader.web.processes.background_jobs import BackgroundJobKind
from grader.web.security.auth import PortalDep, SignedInInstructor, require_instructor
from grader.web.security.csrf import require_csrf_token
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_instructor), Depends(require_csrf_token)])


@router.get("/export")
def show_exports_page(request: Request, portal: PortalDep, account: SignedInInstructor) -> Response:
    """Show which files can be downloaded."""
    return _render_exports_page(request, portal, account)


@router.get("/export/{format}")
def download_scores(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    format: str,
    exercise: Annotated[str, Query(max_length=200)] = "",
    pending: bool = False,
) -> Response:
    """The scores of the class, of all exercises or one, as a file."""
    if format not in EXPORT_FORMATS or (exercise and all(e.name != exercise for e in portal.course.exercises)):
        raise HTTPException(404)
    chosen = ExportRequest(exercise or None, pending)
    try:
        download = export_download(portal.store, portal.course, EXPORT_FORMATS[format], chosen)
    except UsageError as error:
        return _render_exports_page(request, portal, account, 409, error.message)
    return make_download_response(download.data, download.name)


def _render_exports_page(
    request: Request, portal: Portal, account: Account, status: int = 200, problem: MessageLike | None = None
) -> Response:
    exercises = portal.course.exercises
    return render_page(
        request,
        "exports.html",
        account,
        status,
        formats=EXPORT_FORMATS.values(),
        exercises=exercises,
        problem=problem,
    )


@router.get("/course")
def show_course_page(request: Request, portal: PortalDep, account: SignedInInstructor) -> Response:
    """Show the templates' state, the sandbox's level, waiting submissions, and failures of the grader."""
    level, parts = diagnose_layers(probe_sandbox(), inspect_host())
    failed = [
        one.submission
        for one in portal.store.iterate_graded(ids=[one.id for one in portal.store.iterate_ungraded()])
        if isinstance(one.result, Grading)
    ]
    return render_page(
        request,
        "course.html",
        account,
        problems=[*find_missing_helpers(portal.course), *find_stale_templates(portal.course)],
        level=level,
        parts=parts,
        numbers=portal.class_view.get_numbers(),
        failed=failed,
        is_verifying=portal.background_jobs.is_active(BackgroundJobKind.VERIFICATION),
        verification=portal.background_jobs.load_result(BackgroundJobKind.VERIFICATION, portal.course.version),
    )


@router.post("/course/check")
def start_verification(portal: PortalDep, account: SignedInInstructor) -> Response:
    """Start the check of the course."""
    portal.background_jobs.enqueue(BackgroundJobKind.VERIFICATION, account.name)
    return RedirectResponse("/course", 303)
