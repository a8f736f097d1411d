"""Errors as RFC 9457 defines them: application/problem+json with `title`, `status` and `detail`."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from grader.core.errors import GraderError

MEDIA_TYPE: Final = "application/problem+json"
_DETAILS: Final = {
    400: "This body is no form that can be read.",
    404: "There is nothing here, or it isn't yours.",
    405: "This can't be done here.",
    500: "Something failed on our side. Nothing that was recorded is lost; try again.",
    503: "The records can't be reached. Nothing that was recorded is lost; try again in a minute.",
}
_log = logging.getLogger("grader.api")


class InvalidValue(BaseModel):
    """A value that can't be understood."""

    where: str = Field(description="Of the request: `query.limit`.", examples=["query.limit"])
    what: str = Field(description="What is wrong with it.", examples=["Input should be less than or equal to 500"])


class Problem(BaseModel):
    """The reason why a request failed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is nothing here, or it isn't yours.",
                }
            ]
        }
    )

    type: str = Field(default="about:blank", description="Always `about:blank`: the status says what kind it is.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status once more.")
    detail: str = Field(description="One sentence for a person: what is wrong, and what to do.")
    errors: list[InvalidValue] | None = Field(
        default=None, description="Of a 422: each value that can't be understood."
    )


def document_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return these statuses for a route's `responses`, with those that any request may meet."""
    return {status: _DOCUMENTED_PROBLEMS[status] for status in (*statuses, 503)}


_MEANINGS: Final = {
    400: "The body is no multipart form.",
    401: "No token, or one that isn't valid (any more).",
    403: "The token's role may not do this.",
    404: "It isn't there, or isn't yours.",
    409: "Not graded yet: ask again after `Retry-After` seconds.",
    413: "The file is too large; nothing was recorded.",
    422: "A value, or the file, can't be understood; nothing was recorded.",
    429: "Too much at once; nothing was recorded. Try again after `Retry-After` seconds.",
    503: "The records can't be reached.",
}
_DOCUMENTED_PROBLEMS: Final[Mapping[int, dict[str, Any]]] = {
    status: {
        "description": meaning,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": "about:blank",
                    "title": HTTPStatus(status).phrase,
                    "status": status,
                    "detail": _DETAILS.get(status, meaning),
                },
            }
        },
    }
    for status, meaning in _MEANINGS.items()
}


def make_problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: list[InvalidValue] | None = None
) -> Response:
    """Return a response that describes a problem."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors)
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers, MEDIA_TYPE)


def add_problem_handlers(api: FastAPI) -> None:
    """Make an application describe all its errors in this form."""
    api.add_exception_handler(HTTPException, _handle_http_error)
    api.add_exception_handler(RequestValidationError, _handle_validation_error)
    api.add_exception_handler(GraderError, _handle_grader_error)
    api.add_exception_handler(Exception, _handle_crash)


def _handle_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    bare = error.detail == HTTPStatus(error.status_code).phrase or error.status_code == 400
    detail = _DETAILS.get(error.status_code, error.detail) if bare else error.detail
    return make_problem_response(error.status_code, detail, error.headers)


def _handle_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [InvalidValue(where=".".join(map(str, one["loc"])), what=str(one["msg"])) for one in error.errors()]
    if all(one.where.startswith("path.") for one in errors):
        return make_problem_response(404, _DETAILS[404])
    return make_problem_response(422, "Something in this request can't be understood.", errors=errors)


def _handle_grader_error(request: Request, error: Exception) -> Response:
    _log.error("unusable", extra={"error": type(error).__name__})
    return make_problem_response(503, _DETAILS[503])


def _handle_crash(request: Request, error: Exception) -> Response:
    return make_problem_response(500, _DETAILS[500])
