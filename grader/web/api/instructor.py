"""The API for an instructor's token: read the submissions of the class, and its scores."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from grader.core.results.disclosure import Instructor
from grader.services.reports import report_grading
from grader.store import GradedSubmission
from grader.web.api import schemas
from grader.web.api.problems import document_problems
from grader.web.api.student import RETRY_SOON_HEADERS
from grader.web.api.token_auth import require_instructor_token
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep

router = APIRouter(
    tags=["instructor"], dependencies=[Depends(require_instructor_token)], responses=document_problems(401, 403, 422)
)

MAX_SUBMISSIONS_PER_PAGE = 500
ApiSubmissionId = Annotated[int, Path(ge=1, le=2**31 - 1, description="Of the submission.", examples=[17])]
ExerciseFilter = Annotated[str | None, Query(description="Only this exercise.", max_length=200, examples=["losses"])]
StudentFilter = Annotated[str | None, Query(description="Only this student.", max_length=200, examples=["ada"])]


@router.get("/scores")
def list_scores(
    portal: PortalDep, exercise: ExerciseFilter = None, student: StudentFilter = None
) -> schemas.ScoresResponse:
    """The scores of the class, by the course's rules"""
    rules = {one.name: one.policy for one in portal.course.exercises if exercise in (None, one.name)}
    return schemas.ScoresResponse(scores=[schemas.ScoreResponse.of(one) for one in portal.store.scores(rules, student)])


@router.get("/submissions")
def list_submissions(
    portal: PortalDep,
    exercise: ExerciseFilter = None,
    student: StudentFilter = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Only those with a larger id.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_SUBMISSIONS_PER_PAGE, description="How many at most.")] = 100,
) -> schemas.SubmissionPageResponse:
    """The submissions of the class, oldest first"""
    found = portal.store.submissions(exercise=exercise, student=student, after=after)
    page = [one.id for one in islice(found, limit + 1)]
    shown = page[:limit]
    return schemas.SubmissionPageResponse(
        submissions=[
            schemas.SubmissionResponse.of(one.submission, one.grading)
            for one in portal.store.progress.load_submissions(shown)
        ],
        next=shown[-1] if len(page) > limit else None,
    )


@router.get("/submissions/{id}", responses=document_problems(404))
def get_submission(portal: PortalDep, id: ApiSubmissionId) -> schemas.SubmissionResponse:
    """One submission and its state"""
    there = portal.store.progress.load_submissions([id])
    if not there:
        raise HTTPException(404)
    return schemas.SubmissionResponse.of(there[0].submission, there[0].grading)


@router.get(
    "/submissions/{id}/result",
    response_model=schemas.GradingResponse,
    response_model_exclude_unset=True,
    responses=document_problems(404, 409),
)
def get_submission_result(portal: PortalDep, id: ApiSubmissionId) -> dict[str, object]:
    """The result of a submission"""
    graded = _latest(portal, id)
    if graded is None:
        if not list(portal.store.submissions(ids=[id])):
            raise HTTPException(404)
        raise HTTPException(409, "This submission isn't graded yet: ask again in a second.", RETRY_SOON_HEADERS)
    if all(one.name != graded.submission.exercise for one in portal.course.exercises):
        raise HTTPException(404, "The course has no such exercise any more, so the result can't be told in words.")
    return report_grading(portal.course, graded, audience=Instructor()).as_json()


def _latest(portal: Portal, id: int) -> GradedSubmission | None:
    return next(iter(portal.store.iterate_graded(ids=[id])), None)
