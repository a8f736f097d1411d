"""What an instructor sees and does."""

from fastapi import APIRouter, Depends, Request, Response

from grader.web.csrf import protected
from grader.web.rendering import page
from grader.web.signed_in import AnInstructor, instructor

router = APIRouter(dependencies=[Depends(instructor), Depends(protected)])


@router.get("/class")
def overview(request: Request, account: AnInstructor) -> Response:
    """The class."""
    return page(request, "class.html", account)
