"""The files of exercises to download: what `grader release` writes, of one exercise or of the whole course."""

import hashlib
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from grader.core.errors import GraderError
from grader.course.templates import render_template_notebook
from grader.web.app_state import Portal
from grader.web.pages.student import ExerciseFromPath, make_download_response
from grader.web.security.auth import PortalDep, require_student

P = ParamSpec("P")
T = TypeVar("T")

router = APIRouter(dependencies=[Depends(require_student)])
_log = logging.getLogger("grader.web")


@router.get("/exercises/{exercise}/template.ipynb")
def download_template(request: Request, portal: PortalDep, exercise: ExerciseFromPath) -> Response:
    """Download the notebook with blanks."""
    notebook = render_template_notebook(exercise, check_cells=portal.course.check_cells)
    return _make_response(request, notebook, f"{exercise.name}.ipynb")


@router.get("/exercises/{exercise}/files.zip")
async def download_exercise_files(request: Request, portal: PortalDep, exercise: ExerciseFromPath) -> Response:
    """Download the release of one exercise: notebook, script, helper modules, README, and the data for checking."""
    data = await _render(portal, portal.release_files.load_exercise_zip, exercise)
    return _make_response(request, data, f"{exercise.name}.zip")


@router.get("/exercises/{exercise}/files/{path:path}")
async def download_exercise_file(
    request: Request, portal: PortalDep, exercise: ExerciseFromPath, path: str
) -> Response:
    """Download one file of an exercise's release."""
    data = await _render(portal, portal.release_files.load_file, exercise, path)
    if data is None:
        raise HTTPException(404)
    return _make_response(request, data, path.rpartition("/")[2])


@router.get("/release.zip")
async def download_release(request: Request, portal: PortalDep) -> Response:
    """Download the release of the whole course."""
    return _make_response(request, await _render(portal, portal.release_files.load_course_zip), "release.zip")


async def _render(portal: Portal, render: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Run what may take seconds the first time. If the course's own code fails, the fault is ours."""
    try:
        return await portal.thread_pools.run_feedback(render, *args, **named)
    except GraderError as error:
        _log.error("release failed", extra={"error": str(error)})
        raise HTTPException(500) from error


def _make_response(request: Request, data: bytes, name: str) -> Response:
    """Return a file to be saved, which a browser fetches again only if it has changed."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    is_known = tag in request.headers.get("if-none-match", "")
    response = Response(status_code=304) if is_known else make_download_response(data, name)
    response.headers.update({"ETag": tag, "Cache-Control": "private, no-cache"})
    return response
