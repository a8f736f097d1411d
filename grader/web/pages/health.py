"""For whoever watches over the service: is it alive, and can it do its work? And the two files that pages need."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from grader.core.errors import StoreError
from grader.web.security.auth import APortal
from grader.web.views.rendering import script, style_sheet

router = APIRouter()
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(portal: APortal) -> Response:
    """The records can be used (else 503); whether somebody grades, and how much waits."""
    names = [e.name for e in portal.course.exercises]
    try:
        waiting = portal.store.queue_length(names)
        dispatcher = portal.store.has_dispatcher()
    except StoreError:
        return JSONResponse({"database": False}, 503)
    return JSONResponse({"database": True, "dispatcher": dispatcher, "waiting": waiting})


@router.get("/static/{version}/portal.css")
def style(version: str) -> Response:
    """The style of all pages."""
    return Response(style_sheet(), media_type="text/css", headers=_FOR_GOOD)


@router.get("/static/{version}/htmx.js")
def htmx(version: str) -> Response:
    """The only script."""
    return Response(script(), media_type="text/javascript", headers=_FOR_GOOD)


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Nothing here is for search engines."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
