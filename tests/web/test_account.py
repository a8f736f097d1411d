"""Accounts: invitations, passwords, sessions, and who is kept out."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.store import Store

PASSWORD = "four words in a row"
Joins = Callable[..., Any]


def _signed_in(person: Any) -> bool:
    return bool(person.http.get("/exercises").status_code == 200)


def test_an_invitation_works_once(join: Joins, store: Store, visitor: Any) -> None:
    """By its link a password is set and one is signed in; a second time, and for anybody who guesses, it is over."""
    name = f"{join('ada').name}-two"
    link = f"/invitation/{store.accounts.add(name, 'student', timedelta(days=1))}"
    assert visitor.post(link, link, password="short", again="short").status_code == 422
    assert visitor.post(link, link, password=PASSWORD, again=PASSWORD).headers["location"] == "/exercises"
    assert _signed_in(visitor)
    assert visitor.http.get(link).status_code == 410
    assert visitor.post(link, "/password", password=PASSWORD, again=PASSWORD).status_code == 410
    assert visitor.http.get("/invitation/guessed").status_code == 410


def test_an_invitation_ends(join: Joins, store: Store, visitor: Any) -> None:
    """After its time, and when another one was made in its place; what is on record is not its token."""
    name = f"{join('ada').name}-late"
    late = store.accounts.add(name, "student", timedelta(seconds=-1))
    assert visitor.http.get(f"/invitation/{late}").status_code == 410
    first = store.accounts.reset(name, timedelta(days=1))
    second = store.accounts.reset(name, timedelta(days=1))
    assert visitor.http.get(f"/invitation/{first}").status_code == 410
    assert visitor.http.get(f"/invitation/{second}").status_code == 200


def test_signing_in_and_out(join: Joins) -> None:
    """The right password leads to where one wanted to go, never out of here; signing out ends it."""
    ada = join("ada")
    assert ada.post("/sign-out", "/password").status_code == 303
    assert not _signed_in(ada)
    assert ada.sign_in("another password").status_code == 401
    for next, leads in (
        ("/exercises/doubling", None),
        ("//evil.example", "/exercises"),
        ("https://e.org", "/exercises"),
    ):
        answer = ada.post("/sign-in", "/sign-in", name=ada.name, password=PASSWORD, next=next)
        assert answer.headers["location"] == (leads or next)
        assert _signed_in(ada)
        ada.post("/sign-out", "/password")


def test_a_session_begins_anew_at_sign_in(join: Joins, server: Any) -> None:
    """The cookie that one had before is worth nothing afterwards, and a forged one never is."""
    ada = join("ada")
    ada.post("/sign-out", "/password")
    ada.get("/sign-in")
    planted = ada.http.cookies["grader"]
    ada.sign_in()
    assert ada.http.cookies["grader"] != planted
    for cookie in (planted, "", "x", planted[:-1], f"{planted}x"):
        answer = httpx.get(f"{server.url}/exercises", headers={"Cookie": f"grader={cookie}"})
        assert answer.status_code == 303


def test_cookies_are_for_us_alone(join: Joins) -> None:
    """No script reads them, no other site's form sends them."""
    ada = join("ada")
    ada.post("/sign-out", "/password")
    cookies = ada.sign_in().headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


def test_another_password_ends_all_sessions(join: Joins, server: Any) -> None:
    """Whoever changed it stays signed in, everybody else with the old one is out; so does a reset."""
    ada = join("ada")
    elsewhere = {"Cookie": f"grader={ada.http.cookies['grader']}"}
    assert httpx.get(f"{server.url}/exercises", headers=elsewhere).status_code == 200
    new = "other words in a row"
    assert ada.post("/password", "/password", old="wrong", password=new, again=new).status_code == 422
    assert ada.post("/password", "/password", old=PASSWORD, password=new, again=new).status_code == 303
    assert _signed_in(ada)
    assert httpx.get(f"{server.url}/exercises", headers=elsewhere).status_code == 303


def test_a_reset_ends_all_sessions(join: Joins, store: Store) -> None:
    """At once, and the password with them."""
    ada = join("ada")
    store.accounts.reset(ada.name, timedelta(days=1))
    assert not _signed_in(ada)
    assert ada.sign_in().status_code == 401


def test_an_erased_student_is_signed_out(join: Joins, store: Store) -> None:
    """There is no account any more, nor anything that was handed in."""
    ada = join("ada")
    ada.hand_in("halving", b"def half(x):\n    return x / 2\n")
    ada.page("halving")
    store.erase(ada.name)
    assert not _signed_in(ada)
    assert ada.sign_in().status_code == 401


def test_guessing_locks_nobody_else_out(join: Joins, visitor: Any) -> None:
    """After some failures a name has to wait at that address, with a word; from one's own browser one signs in."""
    ada = join("ada")
    ada.post("/sign-out", "/password")
    visitor.name = ada.name
    answers = [visitor.sign_in("a guess") for _ in range(7)]
    assert [one.status_code for one in answers] == [401] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 1
    assert "Too many tries" in answers[-1].text
    assert visitor.sign_in().status_code == 429
    assert ada.sign_in().status_code == 303


def test_a_new_start_forgets_no_guess(
    course: Path, serving: Any, enter: Callable[..., Any], arrive: Callable[..., Any], tmp_path: Path, database_url: str
) -> None:
    """Failures and hand-ins are counted in the records, so no other process starts from nothing; it is told."""
    with serving(course, database_url, tmp_path) as server, Store.open(database_url) as store:
        ada = enter(server.url, store, "ada")
        ada.hand_in("halving", b"x = 0")
        for n in range(1, 100):  # as many as are allowed in an hour, so that a slow start doesn't matter
            store.record("ada", "halving", b"x = %d" % n, "a.py")
        mallory = arrive(server.url, "ada")
        assert [mallory.sign_in("a guess").status_code for _ in range(5)] == [401] * 5
    with serving(course, database_url, tmp_path) as server, Store.open(database_url) as store:
        assert arrive(server.url, "ada").sign_in().status_code == 429
        assert arrive(server.url, "Ada").sign_in().status_code == 401
        again = store.acting_as("eve").accounts.reset("ada", timedelta(days=1))
        ada = arrive(server.url, "ada")
        ada.post(f"/invitation/{again}", f"/invitation/{again}", password=PASSWORD, again=PASSWORD)
        refused = ada.hand_in("halving", b"x = 100")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 1
        told = [(event.what, event.student) for event in store.history()]
        assert told.count(("throttled", "ada")) == 1


FORMS = ("/sign-in", "/sign-out", "/password", "/exercises/doubling/attempts")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_site_is_refused(join: Joins, store: Store, path: str) -> None:
    """Without the session's own token, with somebody else's, or sent by another site: 403, and nothing happens."""
    ada, bob = join("ada"), join("bob")
    theirs = re.search(r'name="csrf" value="(\w+)"', bob.get("/password").text)
    mine = re.search(r'name="csrf" value="(\w+)"', ada.get("/password").text)
    assert theirs
    assert mine
    fields = {"old": PASSWORD, "password": "x" * 5 + "yz12345", "again": "x" * 5 + "yz12345"}
    file = {"file": ("a.py", b"x = 1")}
    for token in ("", theirs[1]):
        assert ada.http.post(path, data=fields | {"csrf": token}, files=file).status_code == 403
        assert ada.http.post(path, data=fields, headers={"X-CSRF-Token": token}).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert ada.http.post(path, data=fields | {"csrf": mine[1]}, headers=elsewhere).status_code == 403
    assert _signed_in(ada)
    assert list(store.submissions(student=ada.name)) == []


def test_every_response_is_guarded(visitor: Any, join: Joins) -> None:
    """Pages, files, errors, what leads on: all have the policy, no frame, no cache, no trace, no guess at types."""
    ada = join("ada")
    paths = ("/sign-in", "/", "/nowhere", "/healthz", "/exercises", "/exercises/doubling/template.ipynb")
    for answer in [visitor.http.get(path) for path in paths] + [ada.http.get(path) for path in paths]:
        headers = answer.headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
        assert "unsafe" not in headers["content-security-policy"]


def test_another_host_is_refused(visitor: Any) -> None:
    """A page elsewhere whose name was made to point here gets nothing; our own names are known, with any port."""
    for host, status in (
        ("evil.example", 400),
        ("127.0.0.1:1", 200),
        ("[::1]:80", 200),
        ("localhost", 200),
        ("[", 400),
    ):
        assert visitor.http.get("/sign-in", headers={"Host": host}).status_code == status


def test_the_log_tells_of_no_person(join: Joins, server: Any, store: Store) -> None:
    """Lines of JSON with routes, not addresses: no name, no token, no password, no file name."""
    ada = join("ada-of-the-log")
    token = store.accounts.reset(ada.name, timedelta(days=1))
    ada.get(f"/invitation/{token}")
    ada.sign_in("a wrong password")
    ada.get(f"/exercises/{ada.name}")
    log = server.log.read_text()
    for secret in ("ada-of-the-log", token, PASSWORD, "a wrong password"):
        assert secret not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert any(line.get("route") == "/invitation/{token}" and line["status"] == 200 for line in lines)
