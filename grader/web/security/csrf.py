"""Every unsafe request must carry the token of its session, so that no other site can make one in somebody's name."""

from typing import Final

from fastapi import HTTPException, Request

from grader.core.text.messages import say
from grader.web.security.sessions import held

SAFE: Final = ("GET", "HEAD", "OPTIONS")
HEADER: Final = "x-csrf-token"
FIELD: Final = "csrf"
MOST_FIELDS: Final = 500


async def protected(request: Request) -> None:
    """A dependency of every router of pages. Reads the form, within limits; later readers get the same one."""
    if request.method in SAFE:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, str(say("This form came from another site. Nothing was changed.")))
    form = await request.form(max_files=1, max_fields=MOST_FIELDS)
    token = request.headers.get(HEADER) or form.get(FIELD)
    if not isinstance(token, str) or not held(request).owns(token):
        said = say("This page is too old, or you signed in anew. Load it again and repeat what you did.")
        raise HTTPException(403, str(said))
