"""Health checks for monitoring, and the two files that pages need."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from grader.core.errors import StoreError
from grader.web.security.auth import PortalDep
from grader.web.views.rendering import load_script, load_stylesheet

router = APIRouter()
_IMMUTABLE_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/healthz")
def check_liveness() -> Response:
    """Answer that the process is alive."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def check_readiness(portal: PortalDep) -> Response:
    """Answer whether the records can be used (else 503), whether submissions are graded, by whom, and how many wait."""
    names = [e.name for e in portal.course.exercises]
    try:
        waiting = portal.store.queue_length(names)
        can_grade, status = portal.can_grade(), portal.grading_status.read()
    except StoreError:
        return JSONResponse({"database": False}, 503)
    workers = {} if status is None else {"workers": asdict(status.workers)}
    return JSONResponse({"database": True, "dispatcher": can_grade, "waiting": waiting, **workers})


@router.get("/static/{version}/portal.css")
def serve_stylesheet(version: str) -> Response:
    """Serve the style of all pages."""
    return Response(load_stylesheet(), media_type="text/css", headers=_IMMUTABLE_HEADERS)


@router.get("/static/{version}/htmx.js")
def serve_htmx(version: str) -> Response:
    """Serve the only script."""
    return Response(load_script(), media_type="text/javascript", headers=_IMMUTABLE_HEADERS)


@router.get("/robots.txt")
def serve_robots_txt(request: Request) -> Response:
    """Tell search engines to stay away."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
