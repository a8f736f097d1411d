"""`grader serve` before it serves, and `grader user`.

Covers `services/portal_options.py`, `web/serve.py` and `web/__init__.py`.
"""

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]


def test_a_public_address_needs_tls(grader: Command, course_folder: Path) -> None:
    """A public address without TLS is refused before anything is made."""
    done = grader("serve", "--course", course_folder, "--host", "0.0.0.0")
    assert done.code == 2
    assert "in the clear" in done.err
    assert list(Path().iterdir()) == []


def test_a_port_that_is_taken_is_one_line(grader: Command, course_folder: Path) -> None:
    """The message says to choose another port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = grader("serve", "--course", course_folder, "--port", taken.getsockname()[1])
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "choose another --port" in done.err


def test_people_are_invited(grader: Command) -> None:
    """Each gets a link with the portal's address; the list shows accounts; a repeated name or spelling is refused."""
    done = grader("user", "add", "ada", "Jos\u00e9", "--url", "https://grader.example.org/")
    assert done.code == 0
    assert "127.0.0.1" not in done.err
    assert len(re.findall(r"^\S+  https://grader\.example\.org/invitation/[\w-]{43}$", done.out, re.M)) == 2
    assert grader("user", "add", "eve", "--role", "instructor", "--days", "1").code == 0
    shown = grader("user", "list").out
    people = re.findall(r"^(\S+)  (\w+), invited until", shown, re.M)
    assert sorted(people) == [("Jos\u00e9", "student"), ("ada", "student"), ("eve", "instructor")]
    assert [one["active"] for one in grader("user", "list", "--json").lines] == [False] * 3
    for name in ("ada", "Jose\u0301"):
        assert grader("user", "add", name).code == 2


def test_a_reset_gives_another_link(grader: Command) -> None:
    """An existing account gets a new link; else one line says what to do. There are two roles."""
    assert "if your portal has another address or port" in grader("user", "add", "ada").err
    assert re.search(r"^ada  http://127\.0\.0\.1:8000/invitation/", grader("user", "reset", "ada").out)
    for arguments, word in ((("reset", "bob"), "create one first"), (("add", "bob", "--role", "king"), "instructor")):
        done = grader("user", *arguments)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert word in done.err
