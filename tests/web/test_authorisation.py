"""Permissions of every route, for visitors, a student, another student and an instructor.

Covers `web/security/csrf.py`.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from grader.store import Store
from grader.web.app import _application
from grader.web.app_state import open_portal
from grader.web.settings import PortalSettings

Joins = Callable[..., Any]
OPEN: Final = (200, 200, 200, 200)
ACCOUNT: Final = (303, 200, 200, 200)
MINE: Final = (303, 200, 404, 404)
STUDENTS: Final = (303, 200, 200, 404)
TEACHERS: Final = (303, 404, 404, 200)
FORM: Final = 403
"""A form without the token of its session is refused, whoever sends it."""
FORMS: Final = {
    "anybody": (FORM, FORM, FORM, FORM),
    "account": (303, FORM, FORM, FORM),
    "student": (303, FORM, FORM, 404),
    "instructor": (303, 404, 404, FORM),
}
API: Final = {
    "anybody": (401, 200, 200, 200),
    "mine": (401, 200, 404, 403),
    "student": (401, 200, 200, 403),
    "instructor": (401, 403, 403, 200),
}
WHO: Final = ("nobody", "ada", "bob", "eve")
"""Nobody; the student whose work it is; another; an instructor."""

MATRIX: Final[dict[str, tuple[int, int, int, int]]] = {
    "GET /": (303, 303, 303, 303),
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /robots.txt": OPEN,
    "GET /static/{version}/portal.css": OPEN,
    "GET /static/{version}/htmx.js": OPEN,
    "GET /help": (303, 303, 303, 303),
    "GET /help/": OPEN,
    "GET /help/images/{name}": OPEN,
    "GET /help/{topic}": OPEN,
    "GET /sign-in": (200, 303, 303, 303),
    "POST /sign-in": FORMS["anybody"],
    "POST /sign-out": FORMS["anybody"],
    "GET /invitation/{token}": (410, 410, 410, 410),
    "POST /invitation/{token}": FORMS["anybody"],
    "GET /password": ACCOUNT,
    "POST /password": FORMS["anybody"],
    "GET /tokens": ACCOUNT,
    "POST /tokens": FORMS["anybody"],
    "POST /tokens/{id}/revoke": FORMS["anybody"],
    "GET /exercises": STUDENTS,
    "GET /exercises/{exercise}": STUDENTS,
    "GET /exercises/{exercise}/template.ipynb": STUDENTS,
    "GET /exercises/{exercise}/files.zip": STUDENTS,
    "GET /exercises/{exercise}/files/{path:path}": STUDENTS,
    "GET /release.zip": STUDENTS,
    "POST /exercises/{exercise}/attempts": FORMS["student"],
    "GET /exercises/{exercise}/attempts/{number}": MINE,
    "GET /exercises/{exercise}/attempts/{number}/row": MINE,
    "GET /exercises/{exercise}/attempts/{number}/state": MINE,
    "GET /exercises/{exercise}/attempts/{number}/feedback": MINE,
    "GET /exercises/{exercise}/attempts/{number}/file": MINE,
    "GET /class": TEACHERS,
    "GET /class/numbers": TEACHERS,
    "GET /class/report": TEACHERS,
    "GET /class/{folder}/{file}": (303, 404, 404, 303),
    "GET /submissions": TEACHERS,
    "GET /submissions/{id}/feedback": TEACHERS,
    "GET /submissions/{id}/file": TEACHERS,
    "GET /student": TEACHERS,
    "POST /student/extension": FORMS["instructor"],
    "GET /roster": TEACHERS,
    "POST /roster": FORMS["instructor"],
    "POST /roster/invite": FORMS["instructor"],
    "POST /roster/adopt": FORMS["instructor"],
    "GET /marking": TEACHERS,
    "GET /marking/{id}/{question}": (303, 404, 404, 404),
    "POST /marking/{id}/{question}": FORMS["instructor"],
    "GET /export": TEACHERS,
    "GET /export/{format}": TEACHERS,
    "GET /course": TEACHERS,
    "POST /course/check": FORMS["instructor"],
    "GET /regrade": TEACHERS,
    "POST /regrade": FORMS["instructor"],
    "POST /regrade/preview": FORMS["instructor"],
    "GET /regrade/{kind}": (303, 404, 404, 404),
    "GET /api/v1/openapi.json": OPEN,
    "GET /api/v1/me": API["anybody"],
    "GET /api/v1/exercises": API["anybody"],
    "POST /api/v1/exercises/{exercise}/attempts": (401, 422, 422, 403),
    "GET /api/v1/exercises/{exercise}/attempts": API["student"],
    "GET /api/v1/exercises/{exercise}/attempts/{number}": API["mine"],
    "GET /api/v1/exercises/{exercise}/attempts/{number}/result": API["mine"],
    "GET /api/v1/scores": API["instructor"],
    "GET /api/v1/submissions": API["instructor"],
    "GET /api/v1/submissions/{id}": API["instructor"],
    "GET /api/v1/submissions/{id}/result": API["instructor"],
}
"""By route: the status for each of WHO."""


def _routes(app: APIRouter | FastAPI, prefix: str = "") -> Iterator[str]:
    for route in app.routes:
        if isinstance(route, Mount):
            assert isinstance(route.app, FastAPI)
            yield from _routes(route.app, prefix + route.path)
        elif isinstance(route, APIRoute | Route):
            yield from (f"{method} {prefix}{route.path}" for method in sorted((route.methods or set()) - {"HEAD"}))
        elif included := getattr(route, "original_router", None):
            yield from _routes(included, prefix)
        else:
            raise AssertionError(f"a kind of route that nobody has looked at: {route}")


def test_every_route_has_a_row(course: Path, tmp_path: Path) -> None:
    """The application has exactly these routes, so that a new route needs a row here."""
    settings = PortalSettings(course, f"sqlite:///{tmp_path / 'grader.db'}", b"s" * 40, "http://127.0.0.1:8000")
    with open_portal(settings) as portal:
        assert sorted(_routes(_application(portal))) == sorted(MATRIX)


@pytest.fixture(scope="module")
def people(server: Any, store: Store, joining: Joins) -> tuple[dict[str, tuple[httpx.Client, str]], int]:
    """Return each of WHO with a browser and a token, and the id of ada's submission."""
    found: dict[str, tuple[httpx.Client, str]] = {}
    for name in WHO[1:]:
        person = joining(name, "instructor" if name == "eve" else "student")
        account = store.accounts.find_by_name(person.name)
        assert account
        found[name] = (person.http, store.tokens.create(account.id, "", timedelta(days=1)))
        if name == "ada":
            person.hand_in("doubling", b"def twice(x):\n    return x + x\n")
            person.page("doubling")
            (one,) = store.submissions(student=person.name)
    return found, one.id


@pytest.mark.parametrize("route", MATRIX)
def test_permissions_of_every_route(route: str, people: Any, server: Any, store: Store) -> None:
    """A route answers each as the matrix says, and a forbidden page gives away nothing about anybody."""
    there, id = people
    (one,) = store.submissions(ids=[id])
    method, path = route.split()
    filled = {"exercise": "doubling", "number": 1, "id": id, "version": "x", "token": "x", "question": "why"}
    filled |= {"format": "csv", "part": "state", "kind": "preview", "folder": one.student, "file": "doubling.html"}
    filled |= {"topic": "rules", "name": "class-page.png", "path": "README.md"}
    query = {"name": one.student} if path == "/student" else {}
    got = []
    for who in WHO:
        with httpx.Client(base_url=server.url, timeout=120) as nobody:
            client, token = there.get(who, (nobody, ""))
            headers = {"Authorization": f"Bearer {token}"} if path.startswith("/api/") and token else {}
            answer = client.request(method, path.replace(":path", "").format(**filled), params=query, headers=headers)
        got.append(answer.status_code)
        if answer.status_code in (401, 403, 404):
            assert one.student not in answer.text
    assert tuple(got) == MATRIX[route]
