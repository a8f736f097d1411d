"""The documentation, open to everybody: the list of documents with a search by word, a page per document, pictures."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from grader.services.documents import load_documents, load_image, search_documents
from grader.web.security.auth import OptionalAccount, PortalDep
from grader.web.views.help_pages import group_documents
from grader.web.views.rendering import render_page

router = APIRouter()

MAX_HITS = 50


@router.get("/help")
def redirect_to_help() -> Response:
    """Redirect to the list."""
    return RedirectResponse("/help/", 303)


@router.get("/help/")
def show_help_page(
    request: Request, account: OptionalAccount, words: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Show the list of documents, or the sections that contain some words."""
    hits = search_documents(words)
    return render_page(
        request,
        "help.html",
        account,
        words=words.strip(),
        hits=hits[:MAX_HITS],
        count=len(hits),
        groups=group_documents(),
    )


@router.get("/help/images/{name}")
def serve_image(name: str) -> Response:
    """Serve a picture of the documents."""
    data = load_image(name)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="image/png", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/help/{topic}")
async def show_document(request: Request, portal: PortalDep, account: OptionalAccount, topic: str) -> Response:
    """Show one document."""
    document = load_documents().get(topic)
    if document is None:
        raise HTTPException(404)
    html = await portal.thread_pools.run_feedback(portal.help_pages.render, document)
    return render_page(request, "document.html", account, document=document, html=html)
