"""What an instructor reads: the class now and whole, what came in, one student's history; and gives more time."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from grader.cli.extend import read_moment
from grader.core.errors import UsageError
from grader.feedback.class_tables import files
from grader.feedback.file_names import page_name
from grader.store import Account, Selection
from grader.web.app_state import Portal
from grader.web.pages.student import file_to_save
from grader.web.security.auth import AnInstructor, APortal, instructor
from grader.web.security.csrf import protected
from grader.web.views import attempts, class_view
from grader.web.views.rendering import page

router = APIRouter(dependencies=[Depends(instructor), Depends(protected)])

Name = Annotated[str, Query(max_length=200)]
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Text = Annotated[str, Form(max_length=500)]


@router.get("/class")
def overview(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """The class now."""
    return page(request, "class.html", account, numbers=portal.classroom.numbers())


@router.get("/class/numbers")
def numbers(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """The part of it that moves."""
    return page(request, "numbers.html", account, numbers=portal.classroom.numbers())


@router.get("/class/report")
def report(portal: APortal) -> Response:
    """The class page, as `grader report` writes it."""
    return Response(portal.classroom.whole().html, media_type="text/html; charset=utf-8", headers=ITS_OWN)


@router.get("/class/{folder}/{file}")
def linked(portal: APortal, folder: str, file: str) -> Response:
    """Where the class page leads: a student's page, or one of its tables."""
    wanted = PurePosixPath(folder, file)
    whole = portal.classroom.whole()
    for (student, exercise), id in whole.last.items():
        if page_name(student, exercise) == wanted:
            return RedirectResponse(f"/submissions/{id}/feedback", 303)
    tables = {PurePosixPath(name): text for name, text in files(whole.report)}
    if wanted not in tables:
        raise HTTPException(404)
    return file_to_save(tables[wanted].encode(), file)


ITS_OWN = {"Content-Security-Policy": "frame-ancestors 'none'"}
"""The page brings its own policy, by the hashes of its one style and script."""


@router.get("/submissions")
def submissions(
    request: Request,
    portal: APortal,
    account: AnInstructor,
    exercise: Name = "",
    student: Name = "",
    only: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What came in, the newest first, filtered."""
    chosen = Selection(exercise or None, student.strip() or None)
    count, newest = portal.store.glance.newest(class_view.PAGE, chosen, waiting=only == "waiting")
    return page(
        request,
        "submissions.html",
        account,
        handed=class_view.handed(newest),
        count=count,
        exercise=exercise,
        student=student,
        only=only,
        exercises=portal.course.exercises,
    )


@router.get("/submissions/{id}/feedback")
async def feedback(portal: APortal, id: Id) -> Response:
    """The page that its student reads."""
    return await portal.lanes.feedback(_feedback, portal, id)


def _feedback(portal: Portal, id: int) -> Response:
    graded = next(iter(portal.store.latest(ids=[id])), None)
    if graded is None or all(e.name != graded.submission.exercise for e in portal.course.exercises):
        raise HTTPException(404)
    student = graded.submission.student
    shown = portal.feedback.page(graded, (("/class", "Class"), (f"/student?{urlencode({'name': student})}", student)))
    policy = {"Content-Security-Policy": shown.policy}
    return Response(shown.html, media_type="text/html; charset=utf-8", headers=policy)


@router.get("/submissions/{id}/file")
def file(portal: APortal, id: Id) -> Response:
    """What was handed in, byte for byte."""
    found = next(iter(portal.store.submissions(ids=[id])), None)
    if found is None:
        raise HTTPException(404)
    return file_to_save(portal.store.data(id), found.file_name)


@router.get("/student")
def student(request: Request, portal: APortal, account: AnInstructor, name: Name) -> Response:
    """One student's history."""
    return _history(request, portal, account, name)


@router.post("/student/extension")
def extend(
    request: Request,
    portal: APortal,
    account: AnInstructor,
    name: Text,
    exercise: Text,
    until: Text = "",
    reason: Text = "",
) -> Response:
    """Gives a student more time, or with no moment takes back what was given."""
    try:
        portal.course.exercise(exercise)
        moment = read_moment(until.strip(), portal.course.zone) if until.strip() else None
    except UsageError as error:
        return _history(request, portal, account, name, 422, str(error))
    if all(one.student != name for one in portal.store.people.roster()):
        raise HTTPException(404)
    portal.store.acting_as(account.name).people.extend(name, exercise, moment, reason.strip())
    return RedirectResponse(f"/student?{urlencode({'name': name})}", 303)


def _history(
    request: Request, portal: Portal, account: Account, name: str, status: int = 200, problem: str | None = None
) -> Response:
    somebody = next((one for one in portal.store.people.roster() if one.student == name), None)
    if somebody is None:
        raise HTTPException(404)
    work = attempts.work(portal.store, portal.course, name)
    return page(
        request,
        "student.html",
        account,
        status,
        somebody=somebody,
        standings=attempts.standings(work, portal.course, datetime.now(UTC)),
        extensions={e.name: work.extensions.get(e.name) for e in portal.course.exercises},
        handed=class_view.handed(reversed(work.handed)),
        problem=problem,
    )
