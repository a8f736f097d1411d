"""An instructor's pages: the class now, the whole class page, submissions, a student's history, extensions."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.errors import UsageError
from grader.core.results.disclosure import Instructor
from grader.core.text.messages import MessageLike, gettext
from grader.feedback.class_tables import render_class_tables
from grader.feedback.file_names import page_name
from grader.services.parse_moment import parse_moment
from grader.services.people import extend_deadline
from grader.store import Account, SubmissionFilter
from grader.web.app_state import Portal
from grader.web.pages.student import make_download_response
from grader.web.security.auth import PortalDep, SignedInInstructor, require_instructor
from grader.web.security.csrf import require_csrf_token
from grader.web.views import attempts, class_view
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_instructor), Depends(require_csrf_token)])

NameFilter = Annotated[str, Query(max_length=200)]
SubmissionId = Annotated[int, Path(ge=1, le=2**31 - 1)]
ExtensionField = Annotated[str, Form(max_length=500)]


@router.get("/class")
def show_class_page(request: Request, portal: PortalDep, account: SignedInInstructor) -> Response:
    """Show the class now."""
    return render_page(request, "class.html", account, numbers=portal.class_view.get_numbers())


@router.get("/class/numbers")
def show_class_numbers(request: Request, portal: PortalDep, account: SignedInInstructor) -> Response:
    """Show the figures that change by themselves."""
    return render_page(request, "numbers.html", account, numbers=portal.class_view.get_numbers())


@router.get("/class/report")
def show_class_report(portal: PortalDep) -> Response:
    """Show the class page of `grader report`."""
    return Response(
        portal.class_view.get_class_page().html, media_type="text/html; charset=utf-8", headers=EMBEDDED_CSP_HEADERS
    )


@router.get("/class/{folder}/{file}")
def follow_class_report_link(portal: PortalDep, folder: str, file: str) -> Response:
    """Follow a link of the class page: to a student's page or one of its tables."""
    wanted = PurePosixPath(folder, file)
    whole = portal.class_view.get_class_page()
    for (student, exercise), id in whole.last_numbers.items():
        if page_name(student, exercise) == wanted:
            return RedirectResponse(f"/submissions/{id}/feedback", 303)
    tables = {PurePosixPath(name): text for name, text in render_class_tables(whole.report)}
    if wanted not in tables:
        raise HTTPException(404)
    return make_download_response(tables[wanted].encode(), file)


EMBEDDED_CSP_HEADERS = {"Content-Security-Policy": "frame-ancestors 'none'"}
"""The page brings its own policy, by the hashes of its one style and script."""


@router.get("/submissions")
def show_submissions_page(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    exercise: NameFilter = "",
    student: NameFilter = "",
    only: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the submissions, newest first, filtered."""
    chosen = SubmissionFilter(exercise or None, student.strip() or None)
    count, newest = portal.store.progress.load_newest(class_view.MAX_LISTED_SUBMISSIONS, chosen, only)
    return render_page(
        request,
        "submissions.html",
        account,
        submissions=class_view.make_submission_views(newest),
        count=count,
        exercise=exercise,
        student=student,
        only=only,
        exercises=portal.course.exercises,
    )


@router.get("/submissions/{id}/feedback")
async def show_submission_feedback(portal: PortalDep, id: SubmissionId) -> Response:
    """Show the student's page with everything, also of hidden checks."""
    return await portal.thread_pools.run_feedback(_render_feedback, portal, id)


def _render_feedback(portal: Portal, id: int) -> Response:
    graded = next(iter(portal.store.iterate_graded(ids=[id])), None)
    if graded is None or all(e.name != graded.submission.exercise for e in portal.course.exercises):
        raise HTTPException(404)
    student = graded.submission.student
    shown = portal.feedback.render(
        graded,
        Instructor(),
        (("/class", portal.language(gettext("Class"))), (f"/student?{urlencode({'name': student})}", student)),
    )
    policy = {"Content-Security-Policy": shown.policy}
    return Response(shown.html, media_type="text/html; charset=utf-8", headers=policy)


@router.get("/submissions/{id}/file")
def download_submission(portal: PortalDep, id: SubmissionId) -> Response:
    """Download a submission, byte for byte."""
    found = next(iter(portal.store.submissions(ids=[id])), None)
    if found is None:
        raise HTTPException(404)
    return make_download_response(portal.store.read_content(id), found.file_name)


@router.get("/student")
def show_student_page(request: Request, portal: PortalDep, account: SignedInInstructor, name: NameFilter) -> Response:
    """Show one student's history."""
    return _render_student_page(request, portal, account, name)


@router.post("/student/extension")
def save_extension(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    name: ExtensionField,
    exercise: ExtensionField,
    until: ExtensionField = "",
    reason: ExtensionField = "",
) -> Response:
    """Give a student more time, or take an extension back if no moment is given."""
    try:
        portal.course.exercise(exercise)
        moment = parse_moment(until.strip(), portal.course.zone) if until.strip() else None
    except UsageError as error:
        return _render_student_page(request, portal, account, name, 422, error.message)
    if all(one.student != name for one in portal.store.people.list_students()):
        raise HTTPException(404)
    extend_deadline(portal.store.acting_as(account.name), portal.course, name, exercise, moment, reason.strip())
    return RedirectResponse(f"/student?{urlencode({'name': name})}", 303)


def _render_student_page(
    request: Request, portal: Portal, account: Account, name: str, status: int = 200, problem: MessageLike | None = None
) -> Response:
    student = next((one for one in portal.store.people.list_students() if one.student == name), None)
    if student is None:
        raise HTTPException(404)
    work = attempts.load_student_work(portal.store, portal.course, name)
    return render_page(
        request,
        "student.html",
        account,
        status,
        student=student,
        exercise_statuses=attempts.compute_exercise_statuses(work, portal.course, datetime.now(UTC)),
        extensions={e.name: work.extensions.get(e.name) for e in portal.course.exercises},
        submissions=class_view.make_submission_views(reversed(work.submissions)),
        problem=problem,
    )
