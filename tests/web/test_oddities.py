"""Odd addresses, fields and headers get one clear response, never a failure of the portal."""

import re
from collections.abc import Callable
from typing import Any

import pytest

Joins = Callable[..., Any]
ODD = [
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "..%2F..%2Fetc%2Fpasswd",
    "9" * 5000,
    "-1",
    "%0D%0AX%3A%20y",
    "%E2%80%AE",
    "nan",
]
OF_STUDENTS = [
    *("/exercises/{}", "/exercises/doubling/attempts/{}", "/exercises/doubling/attempts/1/{}"),
    *("/exercises/{}/template.ipynb", "/invitation/{}", "/sign-in?next={}", "/api/v1/exercises/{}", "/{}"),
    *("/help/{}", "/help/images/{}", "/help/?words={}"),
]
OF_INSTRUCTORS = [
    *("/submissions?exercise={}", "/submissions?student={}", "/submissions?only={}", "/submissions/{}/feedback"),
    *("/student?name={}", "/marking/{}/why", "/marking/1/{}", "/class/{}/x", "/class/x/{}", "/regrade/{}"),
    *("/regrade?student={}", "/export/{}", "/export/csv?exercise={}", "/export/csv?pending={}"),
]
FORMS = [
    *(("/tokens", "purpose"), ("/student/extension", "reason"), ("/student/extension", "until")),
    *(("/student/extension", "name"), ("/roster/invite", "name"), ("/regrade/preview", "student")),
    *(("/regrade/preview", "what"), ("/regrade", "question"), ("/marking/1/why", "comment")),
    *(("/marking/1/why", "seen"), ("/marking/1/why", "item"), ("/password", "old"), ("/password", "password")),
]
KINDS = [
    "application/json",
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
]


@pytest.fixture(scope="module")
def people(joining: Joins) -> dict[str, Any]:
    """Return a student and an instructor."""
    return {"student": joining("ada"), "instructor": joining("eve", "instructor")}


@pytest.mark.parametrize("odd", ODD)
def test_odd_addresses_lead_nowhere(people: dict[str, Any], odd: str) -> None:
    """Odd addresses are not found, not understood, or find nothing."""
    for role, paths in (("student", OF_STUDENTS), ("instructor", OF_INSTRUCTORS)):
        for path in paths:
            answer = people[role].http.get(path.format(odd))
            assert answer.status_code in (200, 303, 401, 404, 409, 410, 414, 422), (path, answer.status_code)


@pytest.mark.parametrize("odd", ODD)
def test_odd_fields_are_only_text(people: dict[str, Any], odd: str) -> None:
    """Every form takes odd fields as text, or refuses them with a message."""
    eve = people["instructor"]
    found = re.search(r'name="csrf" value="(\w+)"', eve.get("/password").text)
    assert found
    for path, field in FORMS:
        body = f"csrf={found[1]}&{field}={odd}"
        answer = eve.http.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code in (200, 303, 404, 409, 422, 429), (path, field, answer.status_code)


@pytest.mark.parametrize("kind", KINDS)
def test_bodies_of_another_kind_are_refused(people: dict[str, Any], kind: str) -> None:
    """A body that isn't what its type says, or of a type that no form has, is refused."""
    ada = people["student"]
    found = re.search(r'name="csrf" value="(\w+)"', ada.get("/password").text)
    assert found
    for body in (b"{}", b"\xff" * 100, b"--x\r\n\r\n", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'):
        headers = {"Content-Type": kind, "X-CSRF-Token": found[1]}
        for path in ("/exercises/doubling/attempts", "/sign-in", "/api/v1/exercises/doubling/attempts"):
            answer = ada.http.post(path, content=body, headers=headers)
            assert answer.status_code in (400, 401, 422, 429), (path, body, answer.status_code)
