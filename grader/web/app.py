"""The application: middleware, routers and error pages."""

import logging
import pkgutil
from importlib import import_module
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from grader.core.errors import GraderError
from grader.core.text.messages import Message, gettext
from grader.web import pages
from grader.web.api.app import create_api
from grader.web.app_state import Portal
from grader.web.processes.logs import RequestLogMiddleware
from grader.web.security.auth import SignInRequired
from grader.web.security.body_limits import BodyLimitMiddleware
from grader.web.security.headers import HostCheckMiddleware, SecurityHeadersMiddleware
from grader.web.security.sessions import SessionMiddleware
from grader.web.views.rendering import render_page

_ERROR_TEXTS: Final = {
    404: (
        gettext("Page not found"),
        gettext("The address is wrong, or you have no access to this page."),
    ),
    405: (gettext("This action is not possible here"), gettext("Go back and try again from there.")),
    422: (gettext("This request is not valid"), gettext("Go back, check what you entered, and try again.")),
    500: (
        gettext("Something went wrong on our side"),
        gettext("It is not your fault, and nothing that was recorded is lost. Try again."),
    ),
    503: (
        gettext("The database can't be reached"),
        gettext("Nothing that was recorded is lost. Try again in a minute."),
    ),
}
_log = logging.getLogger("grader.web")


def create_app(portal: Portal) -> ASGIApp:
    """Create the application of one process."""
    return RequestLogMiddleware(SecurityHeadersMiddleware(_application(portal), portal.settings.secure))


def _application(portal: Portal) -> FastAPI:
    """Create the routers, which find the portal in `app.state.portal`, and the inner middleware."""
    app = FastAPI(title="grader", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.portal = portal
    for module in pkgutil.iter_modules(pages.__path__):
        app.include_router(import_module(f"{pages.__name__}.{module.name}").router)
    app.mount("/api/v1", create_api(portal))
    app.add_exception_handler(SignInRequired, _redirect_to_sign_in)
    app.add_exception_handler(HTTPException, _handle_http_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)
    app.add_exception_handler(GraderError, _handle_grader_error)
    app.add_exception_handler(Exception, _handle_crash)
    # the last one added is the first one asked
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(SessionMiddleware, secret=portal.settings.secret, secure=portal.settings.secure)
    app.add_middleware(HostCheckMiddleware, hosts=portal.settings.hosts)
    return app


def _redirect_to_sign_in(request: Request, error: Exception) -> Response:
    address = "/sign-in"
    if request.method == "GET":
        address += f"?next={quote(request.url.path)}"
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(address, 303)


def _handle_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, text = _ERROR_TEXTS.get(error.status_code, (gettext("This request was refused"), Message(str(error.detail))))
    return _render_error(request, error.status_code, title, text)


def _handle_validation_error(request: Request, error: Exception) -> Response:
    # an address with a number that is none is one where nothing is
    status = 404 if request.method == "GET" else 422
    return _render_error(request, status, *_ERROR_TEXTS[status])


def _handle_grader_error(request: Request, error: Exception) -> Response:
    _log.error("unusable", extra={"error": type(error).__name__})
    return _render_error(request, 503, *_ERROR_TEXTS[503])


def _handle_crash(request: Request, error: Exception) -> Response:
    return _render_error(request, 500, *_ERROR_TEXTS[500])


def _render_error(request: Request, status: int, title: Message, text: Message) -> Response:
    return render_page(request, "error.html", status=status, title=title, text=text)
