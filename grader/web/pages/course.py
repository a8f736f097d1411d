"""The course and its records as a whole: files of scores, and whether all is well."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from grader.cli.export import Format, Wanted, gradebook, made
from grader.core.errors import UsageError
from grader.core.results.grading import Grading
from grader.course.verify import out_of_reach, out_of_step
from grader.sandbox.diagnostics import diagnosis
from grader.sandbox.host_info import look
from grader.sandbox.zygote_client import probe
from grader.store import Account
from grader.web.app_state import Portal
from grader.web.pages.student import file_to_save
from grader.web.processes.background_jobs import Errand
from grader.web.security.auth import AnInstructor, APortal, instructor
from grader.web.security.csrf import protected
from grader.web.views.rendering import page

router = APIRouter(dependencies=[Depends(instructor), Depends(protected)])

WHOLE: Final = (Format.CSV, Format.JSON)
"""Of all exercises in one file."""
FORMATS: Final = (*WHOLE, Format.CANVAS, Format.MOODLE)


@router.get("/export")
def exports(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """Which files there are."""
    return _offered(request, portal, account)


@router.get("/export/{format}")
def export(
    request: Request,
    portal: APortal,
    account: AnInstructor,
    format: str,
    exercise: Annotated[str, Query(max_length=200)] = "",
    pending: bool = False,
) -> Response:
    """The scores of the class, of all exercises or one, as a file."""
    if format not in FORMATS or (exercise and all(e.name != exercise for e in portal.course.exercises)):
        raise HTTPException(404)
    wanted = Wanted(Format(format), exercise=exercise or None, pending=pending)
    try:
        data, _, _ = made(gradebook(portal.store, portal.course, wanted), wanted)
    except UsageError as error:
        return _offered(request, portal, account, 409, str(error))
    ending = "json" if wanted.format is Format.JSON else "csv"
    return file_to_save(data, "-".join(filter(None, (format, exercise))) + f".{ending}")


def _offered(
    request: Request, portal: Portal, account: Account, status: int = 200, problem: str | None = None
) -> Response:
    exercises = portal.course.exercises
    return page(
        request, "exports.html", account, status, whole=WHOLE, formats=FORMATS, exercises=exercises, problem=problem
    )


@router.get("/course")
def health(request: Request, portal: APortal, account: AnInstructor) -> Response:
    """Whether the course is in step, how strong the sandbox is, what waits and what failed on our side."""
    level, parts = diagnosis(probe(), look())
    failed = [
        one.submission
        for one in portal.store.latest(ids=[one.id for one in portal.store.ungraded()])
        if isinstance(one.result, Grading)
    ]
    return page(
        request,
        "course.html",
        account,
        problems=[*out_of_reach(portal.course), *out_of_step(portal.course)],
        level=level,
        parts=parts,
        numbers=portal.classroom.numbers(),
        failed=failed,
        is_proving=portal.errands.is_asked(Errand.PROOF),
        proof=portal.errands.outcome(Errand.PROOF, portal.course.version),
    )


@router.post("/course/proof")
def prove(portal: APortal, account: AnInstructor) -> Response:
    """Asks for the proof of the course."""
    portal.errands.ask(Errand.PROOF, account.name)
    return RedirectResponse("/course", 303)
