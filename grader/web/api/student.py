"""The API for a student's token: hand in, and read one's own work. Nobody else's work has an address here."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from grader.core.questions import exercise as course
from grader.services import receipts
from grader.services.reports import describe_student, report_grading
from grader.store import Account, RecordedSubmission, StudentWork
from grader.web.api import schemas
from grader.web.api.problems import document_problems
from grader.web.api.token_auth import StudentTokenAccount, TokenAccount, require_student_token
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep
from grader.web.uploads import UploadRefusal
from grader.web.views import attempts
from grader.web.views.attempts import AttemptList

any_token_router = APIRouter(tags=["anybody"], responses=document_problems(401))
router = APIRouter(
    tags=["student"], dependencies=[Depends(require_student_token)], responses=document_problems(401, 403, 404)
)

RETRY_SOON_HEADERS = {"Retry-After": "1"}
MAX_UPLOAD_FORM_FIELDS = 20
UPLOAD_FORM_SCHEMA = {
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


async def _require_exercise_name(
    portal: PortalDep, exercise: Annotated[str, Path(description="Its name.", examples=["losses"])]
) -> str:
    if all(one.name != exercise for one in portal.course.exercises):
        raise HTTPException(404)
    return exercise


ExerciseNameFromPath = Annotated[str, Depends(_require_exercise_name)]
AttemptNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="The n-th attempt, from 1.", examples=[1])]


@any_token_router.get("/me", response_model=schemas.AccountResponse)
def get_account(portal: PortalDep, account: TokenAccount) -> schemas.AccountResponse:
    """The account of the token"""
    return schemas.AccountResponse.model_validate(
        {
            "name": account.name,
            "role": account.role,
            "course": portal.course.title,
            "time_zone": portal.course.zone,
        }
    )


@any_token_router.get("/exercises")
def list_exercises(portal: PortalDep, account: TokenAccount) -> list[schemas.ExerciseResponse]:
    """The exercises of the course, in order"""
    if account.role != "student":
        return [_describe_exercise(one, one.policy.deadline) for one in portal.course.exercises]
    there = attempts.compute_exercise_statuses(_work(portal, account), portal.course, datetime.now(UTC))
    return [
        _describe_exercise(one.exercise, one.score_sheet.due).model_copy(
            update={
                "score": round(one.score_sheet.score, 6) if one.score_sheet.counted_attempt else None,
                "pending": round(one.score_sheet.pending, 6) if one.score_sheet.counted_attempt else None,
                "made": one.attempt_count,
                "waiting": one.waiting_count,
            }
        )
        for one in there
    ]


@router.post(
    "/exercises/{exercise}/attempts",
    status_code=201,
    openapi_extra=UPLOAD_FORM_SCHEMA,
    response_model=schemas.AttemptResponse,
    responses={
        200: {
            "model": schemas.AttemptResponse,
            "description": "These bytes were handed in before: it is that attempt.",
        },
        201: {"description": "It is on record."},
        **document_problems(400, 413, 422, 429),
    },
)
async def create_attempt(
    request: Request,
    response: Response,
    portal: PortalDep,
    account: StudentTokenAccount,
    exercise: ExerciseNameFromPath,
) -> schemas.AttemptResponse:
    """Hand in a file

    The response is the receipt: it comes once the bytes are on record. Grading begins by itself; read the attempt
    or its result to see its state.
    """
    wait = await portal.thread_pools.run_quick(portal.uploads.reserve_slot, account.name)
    if wait:
        detail = f"That was a lot at once: nothing was recorded. Wait {wait:.0f} seconds, then hand in again."
        raise HTTPException(429, detail, {"Retry-After": str(round(wait) + 1)})
    async with request.form(max_files=1, max_fields=MAX_UPLOAD_FORM_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "Send the file, with its name, as the field `file` of multipart/form-data.")
        name, data = file.filename, await file.read()
    received = await portal.thread_pools.run_upload(portal.uploads.record, account.name, exercise, name, data)
    if isinstance(received, UploadRefusal):
        raise HTTPException(422, f"Nothing was recorded: {received.reason}")
    if not received.is_new:
        response.status_code = 200
    response.headers["Location"] = f"{request.url.path}/{received.number}"
    return await portal.thread_pools.run_upload(_receipt, portal, account, exercise, received)


@router.get("/exercises/{exercise}/attempts")
def list_attempts(
    portal: PortalDep, account: StudentTokenAccount, exercise: ExerciseNameFromPath
) -> list[schemas.AttemptResponse]:
    """Your attempts, the last one first"""
    there = _load_attempts(portal, account, exercise)
    return [_describe_attempt(portal, there, one.submission.number) for one in there.attempts]


@router.get("/exercises/{exercise}/attempts/{number}")
def get_attempt(
    portal: PortalDep, account: StudentTokenAccount, exercise: ExerciseNameFromPath, number: AttemptNumber
) -> schemas.AttemptResponse:
    """One attempt: its receipt and its state"""
    return _describe_attempt(portal, _load_attempts(portal, account, exercise), number)


@router.get(
    "/exercises/{exercise}/attempts/{number}/result",
    response_model=schemas.GradingResponse,
    response_model_exclude_unset=True,
    responses=document_problems(409),
)
async def get_attempt_result(
    portal: PortalDep, account: StudentTokenAccount, exercise: ExerciseNameFromPath, number: AttemptNumber
) -> dict[str, object]:
    """The result of an attempt"""
    key = (account.name, exercise, number)
    if portal.grading_watch.is_known_to_wait(key) or await portal.thread_pools.run_quick(
        portal.grading_watch.is_waiting, key
    ):
        raise HTTPException(409, "This attempt isn't graded yet: ask again in a second.", RETRY_SOON_HEADERS)
    return await run_in_threadpool(_result, portal, account, exercise, number)


def _result(portal: Portal, account: Account, exercise: str, number: int) -> dict[str, object]:
    tried = _load_attempts(portal, account, exercise).get_attempt(number)
    if tried is None:
        raise HTTPException(404)
    graded = next(iter(portal.store.iterate_graded(ids=[tried.submission.id])), None)
    if graded is None:
        raise HTTPException(409, "This attempt isn't graded yet: ask again in a second.", RETRY_SOON_HEADERS)
    return report_grading(portal.course, graded, audience=describe_student(graded)).as_json()


def _work(portal: Portal, account: Account) -> StudentWork:
    return attempts.load_student_work(portal.store, portal.course, account.name)


def _load_attempts(portal: Portal, account: Account, exercise: str) -> AttemptList:
    return attempts.build_attempt_list(_work(portal, account), portal.course, portal.course.exercise(exercise))


def _receipt(portal: Portal, account: Account, exercise: str, recorded: RecordedSubmission) -> schemas.AttemptResponse:
    return _describe_attempt(portal, _load_attempts(portal, account, exercise), recorded.number, is_new=recorded.is_new)


def _describe_attempt(
    portal: Portal, made: AttemptList, number: int, *, is_new: bool = False
) -> schemas.AttemptResponse:
    tried = made.get_attempt(number)
    if tried is None:  # it never was, or the student was erased meanwhile
        raise HTTPException(404)
    last = made.attempts[0].submission.number
    said = receipts.make_receipt(portal.course, tried.submission, made.extension, last, is_new=is_new)
    return schemas.AttemptResponse.of(said, tried.summary, tried.scored_attempt)


def _describe_exercise(one: course.Exercise, due: datetime | None) -> schemas.ExerciseResponse:
    return schemas.ExerciseResponse(
        name=one.name,
        title=one.title,
        max_score=round(one.max_score, 6),
        due=due,
        attempts=one.policy.attempts,
        files=list(one.files),
        aliases=list(one.aliases),
    )
