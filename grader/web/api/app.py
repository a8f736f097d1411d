"""The API's application, which the portal mounts."""

from typing import Any

from fastapi import FastAPI

from grader.version import __version__
from grader.web.api import instructor, student
from grader.web.api.problems import InvalidValue, Problem, add_problem_handlers
from grader.web.app_state import Portal

DESCRIPTION = """
Hand in and read results by program; `grader submit FILE --server URL` is one that does.

Every request carries a token: `Authorization: Bearer grader_…`. The page Tokens makes one, or `grader user token`.
It is shown once, holds for a limited time, and ends when the password is set anew. A student's token reaches what is
that student's, an instructor's the whole class. Whatever goes wrong is answered with `application/problem+json`.
"""
TAGS = [
    {"name": "anybody", "description": "With any token."},
    {"name": "student", "description": "With a student's token: one's own."},
    {"name": "instructor", "description": "With an instructor's token: the class."},
]


def create_api(portal: Portal) -> FastAPI:
    """Create the application below /api/v1."""
    api = FastAPI(
        title="grader",
        version=__version__,
        summary="Hand in, and read what was found.",
        description=DESCRIPTION.strip(),
        openapi_tags=TAGS,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.portal = portal
    add_problem_handlers(api)
    for router in (student.any_token_router, student.router, instructor.router):
        api.include_router(router)
    _describe(api)
    return api


def _describe(api: FastAPI) -> None:
    """Make the API's description name the form of problems, which no route returns by itself."""
    plain = api.openapi

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = plain()
            models = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            models.pop("$defs", None)
            wrong = InvalidValue.model_json_schema()
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            components |= {"Problem": models, "InvalidValue": wrong}
            for operation in (one for path in schema["paths"].values() for one in path.values()):
                if "HTTPValidationError" in str(operation["responses"].get("422")):  # an address that is none: a 404
                    del operation["responses"]["422"]
            for unused in ("HTTPValidationError", "ValidationError"):
                components.pop(unused, None)
            api.openapi_schema = schema
        return api.openapi_schema

    api.openapi = described  # type: ignore[method-assign]  # as FastAPI's documentation has it
