"""What an instructor's token may do: read what the class has handed in, and its scores."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from grader.cli.score_table import as_report
from grader.store import Graded
from grader.web.api import schemas
from grader.web.api.problems import described
from grader.web.api.student import SOON
from grader.web.api.token_auth import instructor
from grader.web.app_state import Portal
from grader.web.security.auth import APortal

router = APIRouter(tags=["instructor"], dependencies=[Depends(instructor)], responses=described(401, 403, 422))

MOST = 500
Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="Of the submission.", examples=[17])]
OfExercise = Annotated[str | None, Query(description="Only this exercise.", max_length=200, examples=["losses"])]
OfStudent = Annotated[str | None, Query(description="Only this student.", max_length=200, examples=["ada"])]


@router.get("/scores")
def scores(portal: APortal, exercise: OfExercise = None, student: OfStudent = None) -> schemas.Scores:
    """The scores of the class, by the course's rules"""
    rules = {one.name: one.policy for one in portal.course.exercises if exercise in (None, one.name)}
    return schemas.Scores(scores=[schemas.Score.of(one) for one in portal.store.scores(rules, student)])


@router.get("/submissions")
def submissions(
    portal: APortal,
    exercise: OfExercise = None,
    student: OfStudent = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Only those with a larger id.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> schemas.Handeds:
    """What the class has handed in, oldest first"""
    found = portal.store.submissions(exercise=exercise, student=student, after=after)
    page = [one.id for one in islice(found, limit + 1)]
    shown = page[:limit]
    return schemas.Handeds(
        submissions=[schemas.Handed.of(one.submission, one.found) for one in portal.store.glance.of(shown)],
        next=shown[-1] if len(page) > limit else None,
    )


@router.get("/submissions/{id}", responses=described(404))
def one(portal: APortal, id: Id) -> schemas.Handed:
    """One submission, and how far it is"""
    there = portal.store.glance.of([id])
    if not there:
        raise HTTPException(404)
    return schemas.Handed.of(there[0].submission, there[0].found)


@router.get(
    "/submissions/{id}/result",
    response_model=schemas.Result,
    response_model_exclude_unset=True,
    responses=described(404, 409),
)
def result(portal: APortal, id: Id) -> dict[str, object]:
    """What was found in a submission"""
    graded = _latest(portal, id)
    if graded is None:
        if not list(portal.store.submissions(ids=[id])):
            raise HTTPException(404)
        raise HTTPException(409, "This submission isn't graded yet: ask again in a second.", SOON)
    if all(one.name != graded.submission.exercise for one in portal.course.exercises):
        raise HTTPException(404, "The course has no such exercise any more, so the result can't be told in words.")
    return as_report(portal.course, graded).as_json()


def _latest(portal: Portal, id: int) -> Graded | None:
    return next(iter(portal.store.latest(ids=[id])), None)
