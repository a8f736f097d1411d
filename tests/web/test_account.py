"""Accounts: invitations, passwords, sessions, and access control.

Covers `web/pages/account.py`, `web/security/auth.py`, `web/processes/logs.py`, `web/security/headers.py`,
`web/security/login_throttle.py` and `web/security/sessions.py`.
"""

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
    """The link sets a password and signs in; a second use, or a guessed link, is refused."""
    name = f"{join('ada').name}-two"
    link = f"/invitation/{store.accounts.add(name, 'student', timedelta(days=1))}"
    assert visitor.post(link, link, password="short", again="short").status_code == 422
    assert visitor.post(link, link, password=PASSWORD, again=PASSWORD).headers["location"] == "/exercises"
    assert _signed_in(visitor)
    assert visitor.http.get(link).status_code == 410
    assert visitor.post(link, "/password", password=PASSWORD, again=PASSWORD).status_code == 410
    assert visitor.http.get("/invitation/guessed").status_code == 410


def test_an_invitation_ends(join: Joins, store: Store, visitor: Any) -> None:
    """An invitation ends by its time, or when a new one is made; its token is not stored."""
    name = f"{join('ada').name}-late"
    late = store.accounts.add(name, "student", timedelta(seconds=-1))
    assert visitor.http.get(f"/invitation/{late}").status_code == 410
    first = store.accounts.reset(name, timedelta(days=1))
    second = store.accounts.reset(name, timedelta(days=1))
    assert visitor.http.get(f"/invitation/{first}").status_code == 410
    assert visitor.http.get(f"/invitation/{second}").status_code == 200


def test_signing_in_and_out(join: Joins) -> None:
    """The right password leads to the requested page, never to another site; signing out ends the session."""
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
    """The cookie from before sign-in is worthless afterwards, and a forged one always is."""
    ada = join("ada")
    ada.post("/sign-out", "/password")
    ada.get("/sign-in")
    planted = ada.http.cookies["grader"]
    ada.sign_in()
    assert ada.http.cookies["grader"] != planted
    for cookie in (planted, "", "x", planted[:-1], f"{planted}x"):
        answer = httpx.get(f"{server.url}/exercises", headers={"Cookie": f"grader={cookie}"})
        assert answer.status_code == 303


def test_cookies_are_protected(join: Joins) -> None:
    """No script reads them, no other site's form sends them."""
    ada = join("ada")
    ada.post("/sign-out", "/password")
    cookies = ada.sign_in().headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


def test_a_new_password_ends_other_sessions(join: Joins, server: Any) -> None:
    """The session that changed it stays; all others end; so do all after a reset."""
    ada = join("ada")
    elsewhere = {"Cookie": f"grader={ada.http.cookies['grader']}"}
    assert httpx.get(f"{server.url}/exercises", headers=elsewhere).status_code == 200
    new = "other words in a row"
    assert ada.post("/password", "/password", old="wrong", password=new, again=new).status_code == 422
    assert ada.post("/password", "/password", old=PASSWORD, password=new, again=new).status_code == 303
    assert _signed_in(ada)
    assert httpx.get(f"{server.url}/exercises", headers=elsewhere).status_code == 303


def test_a_reset_ends_all_sessions(join: Joins, store: Store) -> None:
    """A reset ends all sessions at once, and the password with them."""
    ada = join("ada")
    store.accounts.reset(ada.name, timedelta(days=1))
    assert not _signed_in(ada)
    assert ada.sign_in().status_code == 401


def test_an_erased_student_is_signed_out(join: Joins, store: Store) -> None:
    """The account is gone, and so are the submissions."""
    ada = join("ada")
    ada.hand_in("halving", b"def half(x):\n    return x / 2\n")
    ada.page("halving")
    store.erase(ada.name)
    assert not _signed_in(ada)
    assert ada.sign_in().status_code == 401


def test_guessing_locks_nobody_else_out(join: Joins, visitor: Any) -> None:
    """After some failures a name has to wait at that address, with a message; from the own browser it can sign in."""
    ada = join("ada")
    ada.post("/sign-out", "/password")
    visitor.name = ada.name
    answers = [visitor.sign_in("a guess") for _ in range(7)]
    assert [one.status_code for one in answers] == [401] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 1
    assert "Too many tries" in answers[-1].text
    assert visitor.sign_in().status_code == 429
    assert ada.sign_in().status_code == 303


def test_guesses_are_counted_across_restarts(
    course: Path, answering: Any, enter: Callable[..., Any], arrive: Callable[..., Any], database_url: str
) -> None:
    """Failures and uploads are counted in the records, so other processes know them; guessing is logged."""
    with answering(course, database_url) as url, Store.open(database_url) as store:
        ada = enter(url, store, "ada")
        ada.hand_in("halving", b"x = 0")
        for n in range(1, 100):  # as many as are allowed in an hour, so that a slow start doesn't matter
            store.record("ada", "halving", b"x = %d" % n, "a.py")
        mallory = arrive(url, "ada")
        assert [mallory.sign_in("a guess").status_code for _ in range(5)] == [401] * 5
    with answering(course, database_url) as url, Store.open(database_url) as store:
        assert arrive(url, "ada").sign_in().status_code == 429
        assert arrive(url, "Ada").sign_in().status_code == 401
        again = store.acting_as("eve").accounts.reset("ada", timedelta(days=1))
        ada = arrive(url, "ada")
        ada.post(f"/invitation/{again}", f"/invitation/{again}", password=PASSWORD, again=PASSWORD)
        refused = ada.hand_in("halving", b"x = 100")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 1
        told = [(event.what, event.student) for event in store.history()]
        assert told.count(("throttled", "ada")) == 1


def test_a_copied_cookie_ends_with_its_session(join: Joins, store: Store, arrive: Any, server: Any) -> None:
    """After signing out, a copy of the cookie is refused; a session on another device goes on."""
    ada = join("ada")
    thief, laptop = arrive(server.url, ada.name), arrive(server.url, ada.name)
    assert laptop.sign_in().status_code == 303
    thief.http.cookies.update(ada.http.cookies)
    assert thief.http.get("/").status_code == ada.http.get("/").status_code
    assert thief.http.get("/password").status_code == 200
    assert ada.post("/sign-out", "/password").status_code == 303
    assert thief.http.get("/password").status_code == 303
    assert laptop.http.get("/password").status_code == 200


def test_a_new_sign_in_ends_the_session_before(join: Joins, arrive: Any, server: Any) -> None:
    """A copy of the cookie from before the same browser signed in again is refused, too."""
    ada = join("ada")
    thief = arrive(server.url, ada.name)
    thief.http.cookies.update(ada.http.cookies)
    assert ada.sign_in().status_code == 303
    assert thief.http.get("/password").status_code == 303
    assert ada.http.get("/password").status_code == 200


FORMS = ("/sign-in", "/sign-out", "/password", "/exercises/doubling/attempts")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_site_is_refused(join: Joins, store: Store, path: str) -> None:
    """A missing or foreign token, or another site's form, gives 403, and nothing happens."""
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


def test_every_response_has_security_headers(visitor: Any, join: Joins) -> None:
    """Pages, files, errors and redirects have the policy, no frame, no cache, no referrer, no type sniffing.

    What is the same for all students, a template, may be kept by a browser that asks whether it is still the same.
    """
    ada = join("ada")
    template = "/exercises/doubling/template.ipynb"
    assert ada.get(template).status_code == 200
    paths = ("/sign-in", "/", "/nowhere", "/healthz", "/exercises", template)
    for answer in [visitor.http.get(path) for path in paths] + [ada.http.get(path) for path in paths]:
        headers = answer.headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        is_template = answer.is_success and answer.url.path == template
        assert headers["cache-control"] == ("private, no-cache" if is_template else "no-store")
        assert "server" not in headers
        assert "unsafe" not in headers["content-security-policy"]


def test_another_host_is_refused(visitor: Any) -> None:
    """Requests for a foreign host name are refused; the portal's own names are accepted, with any port."""
    for host, status in (
        ("evil.example", 400),
        ("127.0.0.1:1", 200),
        ("[::1]:80", 200),
        ("localhost", 200),
        ("[", 400),
    ):
        assert visitor.http.get("/sign-in", headers={"Host": host}).status_code == status


def test_the_log_names_no_person(join: Joins, server: Any, store: Store) -> None:
    """The log has lines of JSON with routes, not addresses: no name, no token, no password, no file name."""
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
