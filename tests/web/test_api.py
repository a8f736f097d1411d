"""The API for a program with a token: submit, list, read; refusals are problem responses.

Covers `web/api/student.py`, `web/api/instructor.py`, `web/api/token_auth.py` and `store/tables/tokens.py`.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from grader.store import Store

RIGHT = b"def twice(x):\n    return x + x\n"
WRONG = b"def twice(x):\n    return x * x\n"
ATTEMPTS = "/api/v1/exercises/doubling/attempts"
Joins = Callable[..., Any]
Client = Callable[..., httpx.Client]


@pytest.fixture
def client(server: Any, store: Store) -> Iterator[Client]:
    """Return a function that makes a client with a person's token, or without one."""
    opened: list[httpx.Client] = []

    def make(name: str | None = None, valid: timedelta = timedelta(days=1)) -> httpx.Client:
        headers = {}
        if name is not None:
            account = store.accounts.find_by_name(name)
            assert account
            headers["Authorization"] = f"Bearer {store.tokens.create(account.id, 'a test', valid)}"
        opened.append(httpx.Client(base_url=server.url, headers=headers, timeout=120))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def hand_in(client: httpx.Client, data: bytes, name: str = "mine.py", path: str = ATTEMPTS) -> httpx.Response:
    """Submit a file."""
    return client.post(path, files={"file": (name, data)})


def result(client: httpx.Client, path: str) -> dict[str, Any]:
    """Return a result once it exists."""
    end = time.monotonic() + 120
    while (answer := client.get(f"{path}/result")).status_code == 409:
        assert answer.headers["retry-after"] == "1"
        assert time.monotonic() < end
        time.sleep(0.1)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_file_is_handed_in_and_its_result_read(join: Joins, client: Client, store: Store) -> None:
    """The receipt comes once the bytes are recorded; the result is the JSON that `grader grade` writes."""
    ada = join("ada")
    api = client(ada.name)
    before = datetime.now(UTC)
    answer = hand_in(api, WRONG)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{ATTEMPTS}/1")
    (one,) = store.submissions(student=ada.name)
    assert store.read_content(one.id) == WRONG
    said = answer.json()
    wanted = {"student": ada.name, "submission": 1, "is_new": True, "sha256": one.sha256, "size": len(WRONG)}
    assert wanted.items() <= said.items()
    rules = {"late": False, "keeps": 1.0, "counts": True, "attempts": 4, "attempts_left": 3, "error": None}
    assert rules.items() <= said.items()
    assert before <= datetime.fromisoformat(said["received_at"]) <= datetime.now(UTC)
    found = result(api, f"{ATTEMPTS}/1")
    assert (found["student"], found["score"], found["max_score"], found["pending"]) == (ada.name, 0.0, 3.0, 0.0)
    check = found["questions"][0]["checks"][1]
    assert (check["verdict"], check["mistake"], check["hint"]) == ("wrong_answer", "squared", "You squared it.")
    now = api.get(f"{ATTEMPTS}/1").json()
    assert (now["state"], now["score"], now["max_score"]) == ("graded", 0.0, 3.0)
    assert api.get(ATTEMPTS).json() == [now]
    assert ada.get("/exercises/doubling").text.count("Attempt 1") == 1


def test_the_same_bytes_are_one_attempt(join: Joins, client: Client) -> None:
    """Submitting the same bytes again gives a 200 with the first receipt."""
    api = client(join("ada").name)
    first, again = hand_in(api, RIGHT), hand_in(api, RIGHT)
    assert (first.status_code, again.status_code, again.json()["is_new"]) == (201, 200, False)
    assert again.json()["received_at"] == first.json()["received_at"]


def test_the_exercises_have_the_standing_of_the_student(join: Joins, client: Client) -> None:
    """Exercises have the own deadline, attempts and score; for an instructor's token only the rules."""
    ada, eve = join("ada"), join("eve", "instructor")
    api = client(ada.name)
    hand_in(api, RIGHT)
    result(api, f"{ATTEMPTS}/1")
    doubling, halving, _ = api.get("/api/v1/exercises").json()
    assert (doubling["due"], doubling["score"], doubling["made"]) == ("2031-05-20T21:59:00Z", 3.0, 1)
    assert (halving["due"], halving["score"], halving["made"], halving["attempts"]) == (None, None, 0, None)
    assert "score" in client(eve.name).get("/api/v1/exercises").json()[0]
    me = client(eve.name).get("/api/v1/me").json()
    assert me == {"name": eve.name, "role": "instructor", "course": "Small", "time_zone": "Europe/Berlin"}


def test_an_instructor_reads_the_class(join: Joins, client: Client, store: Store) -> None:
    """Submissions page by page, each result, and the scores can be read, by exercise and student."""
    ada, bob = join("ada"), join("bob")
    hand_in(client(ada.name), RIGHT)
    hand_in(client(bob.name), WRONG)
    eve = client(join("eve", "instructor").name)
    (one,) = eve.get("/api/v1/submissions", params={"student": ada.name}).json()["submissions"]
    found = result(eve, f"/api/v1/submissions/{one['id']}")
    assert (found["student"], found["score"]) == (ada.name, 3.0)
    assert eve.get(f"/api/v1/submissions/{one['id']}").json()["state"] == "graded"
    first = eve.get("/api/v1/submissions", params={"limit": 1}).json()
    seen = [*first["submissions"]]
    while first["next"] is not None:
        first = eve.get("/api/v1/submissions", params={"limit": 1, "after": first["next"]}).json()
        seen += first["submissions"]
    assert [s["id"] for s in seen] == [s.id for s in store.submissions()]
    (score,) = eve.get("/api/v1/scores", params={"student": ada.name, "exercise": "doubling"}).json()["scores"]
    assert (score["student"], score["score"], score["submission"]) == (ada.name, 3.0, 1)


@pytest.mark.parametrize(
    ("status", "method", "path"),
    [
        (404, "GET", "/api/v1/nothing"),
        (404, "GET", "/api/v1/exercises/nothing/attempts"),
        (404, "GET", f"{ATTEMPTS}/9"),
        (404, "GET", f"{ATTEMPTS}/x"),
        (404, "GET", f"{ATTEMPTS}/99999999999999999999"),
        (403, "GET", "/api/v1/scores"),
        (405, "DELETE", f"{ATTEMPTS}/1"),
        (422, "POST", ATTEMPTS),
    ],
)
def test_refusals_are_problems(join: Joins, client: Client, status: int, method: str, path: str) -> None:
    """Every error is application/problem+json with its status, a title, and a sentence about the cause."""
    answer = client(join("ada").name).request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["type"]) == (status, "about:blank")
    assert len(said["detail"]) > 20
    assert said["title"]


def test_a_token_is_required(client: Client, visitor: Any, join: Joins) -> None:
    """A missing or wrong token, or a session's cookie alone, gives a 401 that names the scheme."""
    ada = join("ada")
    for headers in ({}, {"Authorization": "Bearer grader_wrong"}, {"Authorization": "Basic YTpi"}):
        answer = client().get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["status"] == 401
    assert ada.get("/exercises").status_code == 200
    assert ada.http.get("/api/v1/me").status_code == 401


def test_a_token_ends(join: Joins, client: Client, store: Store) -> None:
    """A token ends by its time, when it is revoked, and with the password; only its hash is stored."""
    ada, bob = join("ada"), join("bob")
    assert client(ada.name, timedelta()).get("/api/v1/me").status_code == 401
    api, other = client(ada.name), client(ada.name)
    account = store.accounts.find_by_name(ada.name)
    stranger = store.accounts.find_by_name(bob.name)
    assert account
    assert stranger
    newest, _ = store.tokens.list_valid(account.id)
    assert not store.tokens.revoke(stranger.id, newest.id)
    assert api.get("/api/v1/me").status_code == 200
    assert store.tokens.revoke(account.id, newest.id)
    assert (other.get("/api/v1/me").status_code, api.get("/api/v1/me").status_code) == (401, 200)
    store.accounts.reset(ada.name, timedelta(days=1))
    assert api.get("/api/v1/me").status_code == 401


HOSTILE = {
    "empty": ("mine.py", b"", 422),
    "not a notebook": ("mine.ipynb", b"{", 422),
    "deep": ("mine.ipynb", b"[" * 200_000, 422),
    "huge number": ("mine.ipynb", b'{"nbformat": ' + b"9" * 100_000 + b"}", 422),
    "binary": ("mine.py", bytes(range(256)) * 40, 422),
    "no suffix": ("mine", b"x", 422),
    "a zip": ("mine.zip", b"PK\x03\x04" + b"\0" * 100, 422),
    "surrogates": ("mine.ipynb", b'{"nbformat": 4, "metadata": {}, "cells": [{"source": "\\ud800"}]}', 422),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_uploads_get_one_clear_sentence(join: Joins, client: Client, store: Store, name: str) -> None:
    """An unreadable upload is a 422 with the reason, records nothing, and leaves the portal as it was."""
    ada = join("ada")
    file_name, data, status = HOSTILE[name]
    api = client(ada.name)
    answer = hand_in(api, data, file_name)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert list(store.submissions(student=ada.name)) == []
        assert "Traceback" not in answer.text
    assert hand_in(api, RIGHT).status_code == 201


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.py", "<script>alert(1)</script>.py", "a\u202eyp.b.py", "x" * 1500 + ".py"]
)
def test_hostile_names_are_only_names(join: Joins, client: Client, store: Store, name: str) -> None:
    """A file's name is stored without folders, short, and without invisible characters."""
    ada = join("ada")
    answer = hand_in(client(ada.name), RIGHT, name)
    assert answer.status_code == 201, answer.text
    (one,) = store.submissions(student=ada.name)
    assert len(one.file_name) <= 200
    assert "/" not in one.file_name
    assert "\u202e" not in one.file_name
    assert "<script>" not in ada.get("/exercises/doubling/attempts/1").text


def test_a_body_that_is_too_large_is_a_problem(join: Joins, client: Client, store: Store) -> None:
    """A body that is too large is a 413 as a problem, and nothing is recorded."""
    ada = join("ada")
    answer = hand_in(client(ada.name), b"#" * 40_000_000)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert list(store.submissions(student=ada.name)) == []


def test_handing_in_is_limited(join: Joins, client: Client) -> None:
    """Too many uploads at once give a 429 that says how long to wait; others are not held up."""
    api, other = client(join("ada").name), client(join("bob").name)
    answers = [hand_in(api, RIGHT + b"#" * i) for i in range(15)]
    last = answers[-1]
    assert last.status_code == 429, [a.status_code for a in answers]
    assert int(last.headers["retry-after"]) >= 1
    assert last.json()["status"] == 429
    assert hand_in(other, RIGHT).status_code == 201


def test_a_malformed_form_is_a_problem(join: Joins, client: Client) -> None:
    """A body of another type, or a form that is cut off, is a problem, not a failure."""
    api = client(join("ada").name)
    kinds = {"Content-Type": "multipart/form-data; boundary=x"}
    cut = api.post(
        ATTEMPTS, content=b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.py', headers=kinds
    )
    bare = api.post(ATTEMPTS, content=b"x = 1", headers={"Content-Type": "application/json"})
    odd = api.post(ATTEMPTS, content=b"x", headers={"Content-Type": "multipart/form-data"})
    for answer in (cut, bare, odd):
        assert answer.status_code in (400, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_is_public_and_whole(client: Client) -> None:
    """Every route has a summary and its errors as problems, and every reference is defined."""
    described = client().get("/api/v1/openapi.json").json()
    names = set(described["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described))) <= names
    for path, operations in described["paths"].items():
        for method, one in operations.items():
            assert one["summary"], (method, path)
            assert "401" in one["responses"], (method, path)
            for status, answer in one["responses"].items():
                kinds = ["application/json"] if status.startswith("2") else ["application/problem+json"]
                assert list(answer["content"]) == kinds, (method, path, status)
