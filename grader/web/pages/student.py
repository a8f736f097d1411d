"""What a student sees and does. Addresses name an exercise and an attempt, never a person: there is only one's own."""

import re
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from grader.core.questions.exercise import Exercise
from grader.core.text.messages import Phrase, as_phrase, say
from grader.course.templates import notebook
from grader.store import Account, Work
from grader.web.app_state import Portal
from grader.web.security.auth import APortal, AStudent, student
from grader.web.security.csrf import protected
from grader.web.security.headers import NOTHING
from grader.web.uploads import Refused
from grader.web.views import attempts
from grader.web.views.attempts import Try
from grader.web.views.rendering import page

router = APIRouter(dependencies=[Depends(student), Depends(protected)])


async def _exercise(portal: APortal, exercise: str) -> Exercise:
    found = next((e for e in portal.course.exercises if e.name == exercise), None)
    if found is None:
        raise HTTPException(404)
    return found


AnExercise = Annotated[Exercise, Depends(_exercise)]


def _work(portal: APortal, account: AStudent) -> Work:
    return attempts.work(portal.store, portal.course, account.name)


def _attempt(portal: APortal, account: AStudent, exercise: AnExercise, number: int) -> Try:
    found = attempts.made(_work(portal, account), portal.course, exercise).numbered(number)
    if found is None:
        raise HTTPException(404)
    return found


AnAttempt = Annotated[Try, Depends(_attempt)]


@router.get("/exercises")
def overview(request: Request, portal: APortal, account: AStudent) -> Response:
    """All exercises."""
    there = attempts.standings(_work(portal, account), portal.course, datetime.now(UTC))
    return page(request, "exercises.html", account, standings=there)


@router.get("/exercises/{exercise}")
def one(request: Request, portal: APortal, account: AStudent, exercise: AnExercise) -> Response:
    """One exercise: its rules, the form, the attempts."""
    return _shown(request, portal, account, exercise)


@router.get("/exercises/{exercise}/template.ipynb")
def template(exercise: AnExercise) -> Response:
    """The notebook with blanks."""
    return file_to_save(notebook(exercise), f"{exercise.name}.ipynb")


@router.post("/exercises/{exercise}/attempts")
async def hand_in(request: Request, portal: APortal, account: AStudent, exercise: AnExercise) -> Response:
    """Records a file, and leads to it. What is answered is on record."""
    wait = await portal.lanes.quick(portal.handing_in.wait, account.name)
    if wait:
        said = say("That was a lot at once: nothing was recorded. Wait {n} seconds, then hand in again.", n=round(wait))
        answer = await run_in_threadpool(_shown, request, portal, account, exercise, 429, said)
        answer.headers["Retry-After"] = str(round(wait) + 1)
        return answer
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        said = say("No file was chosen: choose your notebook, then hand it in.")
        return await run_in_threadpool(_shown, request, portal, account, exercise, 422, said)
    data = await file.read()
    received = await portal.lanes.upload(portal.handing_in.record, account.name, exercise.name, file.filename, data)
    if isinstance(received, Refused):
        said = say("Nothing was recorded: {reason}", reason=as_phrase(received.reason))
        return await run_in_threadpool(_shown, request, portal, account, exercise, 422, said)
    again = "" if received.is_new else "?again=1"
    return RedirectResponse(f"/exercises/{exercise.name}/attempts/{received.number}{again}", 303)


@router.get("/exercises/{exercise}/attempts/{number}")
def receipt(
    request: Request, account: AStudent, exercise: AnExercise, attempt: AnAttempt, again: bool = False
) -> Response:
    """What is on record of an attempt, and its state, live."""
    return page(request, "attempt.html", account, exercise=exercise, attempt=attempt, again=again)


@router.get("/exercises/{exercise}/attempts/{number}/feedback")
async def feedback(portal: APortal, exercise: AnExercise, attempt: AnAttempt) -> Response:
    """The feedback page; where nothing is to be read yet, the attempt's own."""
    return await portal.lanes.feedback(_feedback, portal, exercise, attempt)


def _feedback(portal: Portal, exercise: Exercise, attempt: Try) -> Response:
    here = f"/exercises/{exercise.name}"
    graded = next(iter(portal.store.latest(ids=[attempt.submission.id])), None)
    if graded is None:
        return RedirectResponse(f"{here}/attempts/{attempt.submission.number}", 303)
    speech = portal.language
    links = (("/exercises", speech(say("All exercises"))), (here, speech(exercise.title)))
    shown = portal.feedback.page(graded, links)
    return Response(
        shown.html, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": shown.policy}
    )


@router.get("/exercises/{exercise}/attempts/{number}/file")
def file(portal: APortal, attempt: AnAttempt) -> Response:
    """What was handed in, byte for byte."""
    return file_to_save(portal.store.data(attempt.submission.id), attempt.submission.file_name)


@router.get("/exercises/{exercise}/attempts/{number}/state")
async def state(request: Request, portal: APortal, account: AStudent, exercise: AnExercise, number: int) -> Response:
    """The part of an attempt's page which moves, once there are news; nothing (204) where they are long in coming."""
    if not await portal.watch.news((account.name, exercise.name, number), portal.lanes):
        return Response(status_code=204)
    return await run_in_threadpool(_part, request, portal, account, exercise, number, "state.html")


@router.get("/exercises/{exercise}/attempts/{number}/row")
async def row(request: Request, portal: APortal, account: AStudent, exercise: AnExercise, number: int) -> Response:
    """A row of an exercise's page which moves; nothing (204) as long as the attempt waits.

    A page may have many of them, and a browser keeps few connections: they don't wait for news.
    """
    key = (account.name, exercise.name, number)
    if portal.watch.is_known_to_wait(key) or await portal.lanes.quick(portal.watch.waits, key):
        return Response(status_code=204)
    return await run_in_threadpool(_part, request, portal, account, exercise, number, "row.html")


def _part(
    request: Request, portal: Portal, account: Account, exercise: Exercise, number: int, template: str
) -> Response:
    attempt = _attempt(portal, account, exercise, number)
    return page(request, template, account, exercise=exercise, attempt=attempt)


def _shown(
    request: Request,
    portal: Portal,
    account: AStudent,
    exercise: Exercise,
    status: int = 200,
    problem: Phrase | None = None,
) -> Response:
    work = _work(portal, account)
    there = attempts.standings(work, portal.course, datetime.now(UTC))
    standing = next(one for one in there if one.exercise.name == exercise.name)
    return page(
        request,
        "exercise.html",
        account,
        status,
        exercise=exercise,
        standing=standing,
        attempts=attempts.made(work, portal.course, exercise).tries,
        problem=problem,
    )


def file_to_save(data: bytes, name: str) -> Response:
    """A file to be saved, whatever it holds."""
    plain = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": NOTHING}
    return Response(data, media_type="application/octet-stream", headers=headers)
