"""A student's pages. Addresses name an exercise and an attempt, never a person: students see only their own work."""

import re
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from grader.core.questions.exercise import Exercise
from grader.core.questions.file_patterns import MAX_FILES
from grader.core.text.messages import Message, as_message, gettext, ngettext
from grader.services.reports import describe_student
from grader.store import Account, StudentWork
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep, SignedInStudent, require_student
from grader.web.security.csrf import require_csrf_token
from grader.web.security.headers import DOWNLOAD_CSP
from grader.web.uploads import UploadRefusal
from grader.web.views import attempts
from grader.web.views.attempts import AttemptView
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_student), Depends(require_csrf_token)])


async def _exercise(portal: PortalDep, exercise: str) -> Exercise:
    found = next((e for e in portal.course.exercises if e.name == exercise), None)
    if found is None:
        raise HTTPException(404)
    return found


ExerciseFromPath = Annotated[Exercise, Depends(_exercise)]


def _work(portal: PortalDep, account: SignedInStudent) -> StudentWork:
    return attempts.load_student_work(portal.store, portal.course, account.name)


def _attempt(portal: PortalDep, account: SignedInStudent, exercise: ExerciseFromPath, number: int) -> AttemptView:
    found = attempts.build_attempt_list(_work(portal, account), portal.course, exercise).get_attempt(number)
    if found is None:
        raise HTTPException(404)
    return found


AttemptFromPath = Annotated[AttemptView, Depends(_attempt)]


@router.get("/exercises")
def show_exercises_page(request: Request, portal: PortalDep, account: SignedInStudent) -> Response:
    """Show all exercises."""
    statuses = attempts.compute_exercise_statuses(_work(portal, account), portal.course, datetime.now(UTC))
    return render_page(request, "exercises.html", account, exercise_statuses=statuses)


@router.get("/exercises/{exercise}")
def show_exercise_page(
    request: Request, portal: PortalDep, account: SignedInStudent, exercise: ExerciseFromPath
) -> Response:
    """Show one exercise: its rules, the form, the attempts."""
    return _render_exercise_page(request, portal, account, exercise)


@router.post("/exercises/{exercise}/attempts")
async def upload_attempt(
    request: Request, portal: PortalDep, account: SignedInStudent, exercise: ExerciseFromPath
) -> Response:
    """Record a file and redirect to it. An answer means that it is on record."""
    wait = await portal.thread_pools.run_quick(portal.uploads.reserve_slot, account.name)
    if wait:
        problem = ngettext(
            "You handed in too often in a short time: nothing was recorded. Wait {n} second, then hand in again.",
            "You handed in too often in a short time: nothing was recorded. Wait {n} seconds, then hand in again.",
            n=round(wait),
        )
        answer = await run_in_threadpool(_render_exercise_page, request, portal, account, exercise, 429, problem)
        answer.headers["Retry-After"] = str(round(wait) + 1)
        return answer
    chosen = (await request.form(max_files=MAX_FILES)).getlist("file")
    files = [file for file in chosen if isinstance(file, UploadFile) and file.filename]
    if not files:
        problem = gettext("No file was chosen: choose your notebook, then hand it in.")
        return await run_in_threadpool(_render_exercise_page, request, portal, account, exercise, 422, problem)
    named = [(str(file.filename), await file.read()) for file in (files if exercise.files else files[:1])]
    if exercise.files:
        received = await portal.thread_pools.run_upload(portal.uploads.record_files, account.name, exercise.name, named)
    else:
        received = await portal.thread_pools.run_upload(portal.uploads.record, account.name, exercise.name, *named[0])
    if isinstance(received, UploadRefusal):
        problem = gettext("Nothing was recorded: {reason}", reason=as_message(received.reason))
        return await run_in_threadpool(_render_exercise_page, request, portal, account, exercise, 422, problem)
    again = "" if received.is_new else "?again=1"
    return RedirectResponse(f"/exercises/{exercise.name}/attempts/{received.number}{again}", 303)


@router.get("/exercises/{exercise}/attempts/{number}")
def show_attempt_page(
    request: Request,
    account: SignedInStudent,
    exercise: ExerciseFromPath,
    attempt: AttemptFromPath,
    again: bool = False,
) -> Response:
    """Show an attempt's receipt and its live status."""
    return render_page(request, "attempt.html", account, exercise=exercise, attempt=attempt, again=again)


@router.get("/exercises/{exercise}/attempts/{number}/feedback")
async def show_attempt_feedback(portal: PortalDep, exercise: ExerciseFromPath, attempt: AttemptFromPath) -> Response:
    """Show the feedback page, or the attempt's page if there is no feedback yet."""
    return await portal.thread_pools.run_feedback(_render_feedback, portal, exercise, attempt)


def _render_feedback(portal: Portal, exercise: Exercise, attempt: AttemptView) -> Response:
    here = f"/exercises/{exercise.name}"
    graded = next(iter(portal.store.iterate_graded(ids=[attempt.submission.id])), None)
    if graded is None:
        return RedirectResponse(f"{here}/attempts/{attempt.submission.number}", 303)
    speech = portal.language
    links = (("/exercises", speech(gettext("All exercises"))), (here, speech(exercise.title)))
    shown = portal.feedback.render(graded, describe_student(graded), links)
    return Response(
        shown.html, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": shown.policy}
    )


@router.get("/exercises/{exercise}/attempts/{number}/file")
def download_attempt_file(portal: PortalDep, attempt: AttemptFromPath) -> Response:
    """Download a submission, byte for byte."""
    return make_download_response(portal.store.read_content(attempt.submission.id), attempt.submission.file_name)


@router.get("/exercises/{exercise}/attempts/{number}/state")
async def poll_attempt_state(
    request: Request, portal: PortalDep, account: SignedInStudent, exercise: ExerciseFromPath, number: int
) -> Response:
    """Return the moving part of an attempt's page once there is news, or 204 if none comes for long."""
    if not await portal.grading_watch.wait_until_graded((account.name, exercise.name, number), portal.thread_pools):
        return Response(status_code=204)
    return await run_in_threadpool(_render_fragment, request, portal, account, exercise, number, "state.html")


@router.get("/exercises/{exercise}/attempts/{number}/row")
async def poll_attempt_row(
    request: Request, portal: PortalDep, account: SignedInStudent, exercise: ExerciseFromPath, number: int
) -> Response:
    """Return the moving row of an exercise's page, or 204 while the attempt waits.

    A page may have many rows, and a browser keeps few connections, so this doesn't wait for news.
    """
    key = (account.name, exercise.name, number)
    if portal.grading_watch.is_known_to_wait(key) or await portal.thread_pools.run_quick(
        portal.grading_watch.is_waiting, key
    ):
        return Response(status_code=204)
    return await run_in_threadpool(_render_fragment, request, portal, account, exercise, number, "row.html")


def _render_fragment(
    request: Request, portal: Portal, account: Account, exercise: Exercise, number: int, template: str
) -> Response:
    attempt = _attempt(portal, account, exercise, number)
    return render_page(request, template, account, exercise=exercise, attempt=attempt)


def _render_exercise_page(
    request: Request,
    portal: Portal,
    account: SignedInStudent,
    exercise: Exercise,
    status: int = 200,
    problem: Message | None = None,
) -> Response:
    work = _work(portal, account)
    statuses = attempts.compute_exercise_statuses(work, portal.course, datetime.now(UTC))
    status_of_exercise = next(one for one in statuses if one.exercise.name == exercise.name)
    return render_page(
        request,
        "exercise.html",
        account,
        status,
        exercise=exercise,
        exercise_status=status_of_exercise,
        attempts=attempts.build_attempt_list(work, portal.course, exercise).attempts,
        files=portal.release_files.list_names(exercise),
        problem=problem,
    )


def make_download_response(data: bytes, name: str) -> Response:
    """Return a file to be saved, whatever it holds."""
    plain = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": DOWNLOAD_CSP}
    return Response(data, media_type="application/octet-stream", headers=headers)
