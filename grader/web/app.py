"""The application: middleware, routers, and what is said when something can't be had."""

import logging
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from grader.core.errors import GraderError
from grader.core.text.messages import Phrase, say
from grader.web.api.app import create_api
from grader.web.app_state import Portal
from grader.web.pages import account, course, health, instructor, marking, regrade, roster, student, tokens
from grader.web.processes.logs import Requests
from grader.web.security.auth import SignInFirst
from grader.web.security.body_limits import Bodies
from grader.web.security.headers import Headers, Hosts
from grader.web.security.sessions import Sessions
from grader.web.views.rendering import page

_SAID: Final = {
    404: (
        say("There is nothing here"),
        say("The address is wrong, or it leads to something that isn't yours."),
    ),
    405: (say("This can't be done here"), say("Go back, and try it from there.")),
    422: (say("This can't be understood"), say("Go back, look at what you wrote, and try again.")),
    500: (
        say("Something failed on our side"),
        say("It is not your fault, and nothing that was recorded is lost. Try again."),
    ),
    503: (say("The records can't be reached"), say("Nothing that was recorded is lost. Try again in a minute.")),
}
_log = logging.getLogger("grader.web")


def create_app(portal: Portal) -> ASGIApp:
    """The application of one process."""
    return Requests(Headers(_application(portal), portal.settings.secure))


def _application(portal: Portal) -> FastAPI:
    """Routers, which find the portal in `app.state.portal`, and what is within the outermost middleware."""
    app = FastAPI(title="grader", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.portal = portal
    for pages in (health, account, tokens, student, instructor, roster, marking, regrade, course):
        app.include_router(pages.router)
    app.mount("/api/v1", create_api(portal))
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(GraderError, _unusable)
    app.add_exception_handler(Exception, _failed)
    # the last one added is the first one asked
    app.add_middleware(Bodies)
    app.add_middleware(Sessions, secret=portal.settings.secret, secure=portal.settings.secure)
    app.add_middleware(Hosts, hosts=portal.settings.hosts)
    return app


def _sign_in_first(request: Request, error: Exception) -> Response:
    there = "/sign-in"
    if request.method == "GET":
        there += f"?next={quote(request.url.path)}"
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(there, 303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, text = _SAID.get(error.status_code, (say("This was refused"), Phrase(str(error.detail))))
    return _told(request, error.status_code, title, text)


def _not_understood(request: Request, error: Exception) -> Response:
    # an address with a number that is none is one where nothing is
    status = 404 if request.method == "GET" else 422
    return _told(request, status, *_SAID[status])


def _unusable(request: Request, error: Exception) -> Response:
    _log.error("unusable", extra={"error": type(error).__name__})
    return _told(request, 503, *_SAID[503])


def _failed(request: Request, error: Exception) -> Response:
    return _told(request, 500, *_SAID[500])


def _told(request: Request, status: int, title: Phrase, text: Phrase) -> Response:
    return page(request, "error.html", status=status, title=title, text=text)
