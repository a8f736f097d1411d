"""Protection against forged requests: every unsafe request must carry the token of its session."""

from typing import Final

from fastapi import HTTPException, Request

from grader.core.text.messages import gettext
from grader.web.security.sessions import get_session

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
MAX_FORM_FIELDS: Final = 500


async def require_csrf_token(request: Request) -> None:
    """A dependency of every router of pages. Reads the form, within limits; later readers get the same one."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, str(gettext("This form came from another site. Nothing was changed.")))
    form = await request.form(max_files=1, max_fields=MAX_FORM_FIELDS)
    token = request.headers.get(CSRF_HEADER) or form.get(CSRF_FIELD)
    if not isinstance(token, str) or not get_session(request).is_csrf_token(token):
        said = gettext("This page is out of date, or you have signed in again. Reload it and try again.")
        raise HTTPException(403, str(said))
