"""Renders templates, escaped as on the feedback pages; a name that doesn't exist is an error."""

import functools
import hashlib
from importlib import resources
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from grader.feedback.pages import get_environment
from grader.store import Account
from grader.web.app_state import Portal
from grader.web.security.sessions import get_session

SHARED_STYLESHEETS: Final = ("page",)
"""Style sheets of the feedback pages that the portal shares."""


def render_page(
    request: Request, template: str, account: Account | None = None, status: int = 200, **context: object
) -> HTMLResponse:
    """Render a template with what all need: the course, the account, the session's token."""
    portal: Portal = request.app.state.portal
    session = get_session(request)
    language = portal.language
    html = (
        get_environment(language, "grader.web")
        .get_template(template)
        .render(
            context,
            course_title=language(portal.course.title),
            titles={e.name: language(e.title) for e in portal.course.exercises},
            zone=portal.course.zone,
            account=account,
            fingerprint=hash_asset,
            csrf_token=session.get_csrf_token,
            csrf_field=lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(session.get_csrf_token()),
        )
    )
    return HTMLResponse(html, status)


@functools.cache
def load_stylesheet() -> bytes:
    """Return the style of all pages: the shared style of the feedback pages, then our own."""
    shared = resources.files("grader.feedback") / "templates"
    own = resources.files("grader.web") / "static"
    texts = [(shared / f"{sheet}.css").read_text("utf-8") for sheet in SHARED_STYLESHEETS]
    return "\n".join([*texts, (own / "portal.css").read_text("utf-8")]).encode()


@functools.cache
def load_script() -> bytes:
    """Return htmx."""
    return (resources.files("grader.web") / "static" / "htmx.min.js").read_bytes()


@functools.cache
def hash_asset(kind: str) -> str:
    """Return a hash of the `style` or `script`, so that browsers may keep them for good."""
    return hashlib.sha256(load_stylesheet() if kind == "style" else load_script()).hexdigest()[:12]
