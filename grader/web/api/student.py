"""What a student's token may do: hand in, and read one's own. Nobody else's work has an address here."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from grader.cli import receipts
from grader.cli.score_table import as_report
from grader.core.questions import exercise as course
from grader.store import Account, Recorded, Work
from grader.web.api import schemas
from grader.web.api.problems import described
from grader.web.api.token_auth import AnyHolder, AStudent, student
from grader.web.app_state import Portal
from grader.web.security.auth import APortal
from grader.web.uploads import Refused
from grader.web.views import attempts
from grader.web.views.attempts import Made

anybody = APIRouter(tags=["anybody"], responses=described(401))
router = APIRouter(tags=["student"], dependencies=[Depends(student)], responses=described(401, 403, 404))

SOON = {"Retry-After": "1"}
MOST_IN_A_FORM = 20
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "A notebook (.ipynb) or a script (.py), with its name.",
                        }
                    },
                },
                "encoding": {"file": {"contentType": "application/x-ipynb+json, text/x-python"}},
            }
        },
    }
}


async def _exercise(
    portal: APortal, exercise: Annotated[str, Path(description="Its name.", examples=["losses"])]
) -> str:
    if all(one.name != exercise for one in portal.course.exercises):
        raise HTTPException(404)
    return exercise


AnExercise = Annotated[str, Depends(_exercise)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The n-th attempt, from 1.", examples=[1])]


@anybody.get("/me", response_model=schemas.Me)
def me(portal: APortal, account: AnyHolder) -> schemas.Me:
    """Whose token it is"""
    return schemas.Me.model_validate(
        {
            "name": account.name,
            "role": account.role,
            "course": portal.course.title,
            "time_zone": portal.course.zone,
        }
    )


@anybody.get("/exercises")
def exercises(portal: APortal, account: AnyHolder) -> list[schemas.Exercise]:
    """The exercises of the course, in order"""
    if account.role != "student":
        return [_ruled(one, one.policy.deadline) for one in portal.course.exercises]
    there = attempts.standings(_work(portal, account), portal.course, datetime.now(UTC))
    return [
        _ruled(one.exercise, one.sheet.due).model_copy(
            update={
                "score": round(one.sheet.score, 6) if one.sheet.counted else None,
                "pending": round(one.sheet.pending, 6) if one.sheet.counted else None,
                "made": one.made,
                "waiting": one.waiting,
            }
        )
        for one in there
    ]


@router.post(
    "/exercises/{exercise}/attempts",
    status_code=201,
    openapi_extra=FORM,
    response_model=schemas.Attempt,
    responses={
        200: {"model": schemas.Attempt, "description": "These bytes were handed in before: it is that attempt."},
        201: {"description": "It is on record."},
        **described(400, 413, 422, 429),
    },
)
async def hand_in(
    request: Request, response: Response, portal: APortal, account: AStudent, exercise: AnExercise
) -> schemas.Attempt:
    """Hand in a file

    The answer comes once the bytes are on record: it is the receipt. Grading begins by itself; ask for the attempt, or
    for its result, to see how far it is.
    """
    wait = await portal.lanes.quick(portal.handing_in.wait, account.name)
    if wait:
        detail = f"That was a lot at once: nothing was recorded. Wait {wait:.0f} seconds, then hand in again."
        raise HTTPException(429, detail, {"Retry-After": str(round(wait) + 1)})
    async with request.form(max_files=1, max_fields=MOST_IN_A_FORM) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "Send the file, with its name, as the field `file` of multipart/form-data.")
        name, data = file.filename, await file.read()
    received = await portal.lanes.upload(portal.handing_in.record, account.name, exercise, name, data)
    if isinstance(received, Refused):
        raise HTTPException(422, f"Nothing was recorded: {received.reason}")
    if not received.is_new:
        response.status_code = 200
    response.headers["Location"] = f"{request.url.path}/{received.number}"
    return await portal.lanes.upload(_receipt, portal, account, exercise, received)


@router.get("/exercises/{exercise}/attempts")
def made(portal: APortal, account: AStudent, exercise: AnExercise) -> list[schemas.Attempt]:
    """Your attempts, the last one first"""
    there = _made(portal, account, exercise)
    return [_shown(portal, there, one.submission.number) for one in there.tries]


@router.get("/exercises/{exercise}/attempts/{number}")
def one(portal: APortal, account: AStudent, exercise: AnExercise, number: Number) -> schemas.Attempt:
    """One attempt: its receipt, and how far it is"""
    return _shown(portal, _made(portal, account, exercise), number)


@router.get(
    "/exercises/{exercise}/attempts/{number}/result",
    response_model=schemas.Result,
    response_model_exclude_unset=True,
    responses=described(409),
)
async def result(portal: APortal, account: AStudent, exercise: AnExercise, number: Number) -> dict[str, object]:
    """What was found in an attempt"""
    key = (account.name, exercise, number)
    if portal.watch.is_known_to_wait(key) or await portal.lanes.quick(portal.watch.waits, key):
        raise HTTPException(409, "This attempt isn't graded yet: ask again in a second.", SOON)
    return await run_in_threadpool(_result, portal, account, exercise, number)


def _result(portal: Portal, account: Account, exercise: str, number: int) -> dict[str, object]:
    tried = _made(portal, account, exercise).numbered(number)
    if tried is None:
        raise HTTPException(404)
    graded = next(iter(portal.store.latest(ids=[tried.submission.id])), None)
    if graded is None:
        raise HTTPException(409, "This attempt isn't graded yet: ask again in a second.", SOON)
    return as_report(portal.course, graded).as_json()


def _work(portal: Portal, account: Account) -> Work:
    return attempts.work(portal.store, portal.course, account.name)


def _made(portal: Portal, account: Account, exercise: str) -> Made:
    return attempts.made(_work(portal, account), portal.course, portal.course.exercise(exercise))


def _receipt(portal: Portal, account: Account, exercise: str, recorded: Recorded) -> schemas.Attempt:
    return _shown(portal, _made(portal, account, exercise), recorded.number, is_new=recorded.is_new)


def _shown(portal: Portal, made: Made, number: int, *, is_new: bool = False) -> schemas.Attempt:
    tried = made.numbered(number)
    if tried is None:  # it never was, or the student was erased meanwhile
        raise HTTPException(404)
    last = made.tries[0].submission.number
    said = receipts.made(portal.course, tried.submission, made.extension, last, is_new=is_new)
    return schemas.Attempt.of(said, tried.found, tried.reckoned)


def _ruled(one: course.Exercise, due: datetime | None) -> schemas.Exercise:
    return schemas.Exercise(
        name=one.name, title=one.title, max_score=round(one.max_score, 6), due=due, attempts=one.policy.attempts
    )
