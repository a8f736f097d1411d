"""`grader submit --server`: a student's files submitted from a terminal.

Covers `cli/submit_remote.py`, `services/portal_client.py` and `services/remote_result.py`.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from grader.store import Store

RIGHT = "def twice(x):\n    return x + x\n"
WRONG = "def twice(x):\n    return x * x\n"
Joins = Callable[..., Any]
Submit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def submit(server: Any, store: Store, tmp_path: Path) -> Submit:
    """Return a function that runs the command with a person's token, in a folder of the test's own."""

    def run(name: str | None, *arguments: object, url: str = server.url) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADER_")}
        if name is not None:
            account = store.accounts.find_by_name(name)
            assert account
            environment["GRADER_TOKEN"] = store.tokens.create(account.id, "", timedelta(days=1))
        command = [sys.executable, "-m", "grader", "submit", *map(str, arguments), "--server", url]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=250)

    return run


def test_a_receipt_and_a_result_are_printed(join: Joins, submit: Submit, store: Store, tmp_path: Path) -> None:
    """The receipt is printed as by the local command, and the failures as by `grader check`."""
    ada = join("ada")
    (tmp_path / "doubling.py").write_text(WRONG)
    ran = submit(ada.name, "doubling.py", "--wait")
    assert (ran.returncode, ran.stderr) == (0, "")
    (one,) = store.submissions(student=ada.name)
    assert f"recorded: {ada.name}, doubling, attempt 1, " in ran.stdout
    assert "in time (deadline 2031-05-20 23:59:00 CEST); attempts left: 3 of 4" in ran.stdout
    assert f"sha256 {one.sha256}, {len(WRONG)} bytes: doubling.py" in ran.stdout
    assert "0 of 3 points" in ran.stdout
    assert ran.stdout.endswith("You squared it.\n")


def test_json_is_one_object_per_file(join: Joins, submit: Submit, tmp_path: Path) -> None:
    """The object has the receipt's fields and an awaited result; an unrecorded file has a reason and exit code 3."""
    ada = join("ada")
    (tmp_path / "doubling.py").write_text(RIGHT)
    (tmp_path / "halving.ipynb").write_text("{")
    ran = submit(ada.name, "doubling.py", "--json", "--wait")
    (said,) = map(json.loads, ran.stdout.splitlines())
    assert (ran.returncode, said["file"], said["submission"], said["is_new"]) == (0, "doubling.py", 1, True)
    assert (said["result"]["score"], said["result"]["exercise"]) == (3.0, "doubling")
    ran = submit(ada.name, "doubling.py", "halving.ipynb", "--json")
    assert ran.returncode == 3
    again, refused = map(json.loads, ran.stdout.splitlines())
    assert again == {k: v for k, v in said.items() if k != "result"} | {"is_new": False}
    assert (refused["submission"], refused["file"]) == (None, "halving.ipynb")
    assert "not recorded: " in ran.stderr


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://grader.example.org", "others on the network can read your token"),
        ("grader.example.org", "is not an address"),
        ("ftp://127.0.0.1", "is not an address"),
        ("http://127.0.0.1:1", "can't be reached"),
    ],
)
def test_unsafe_addresses_are_refused(join: Joins, submit: Submit, tmp_path: Path, url: str, says: str) -> None:
    """A token is not sent without TLS; a mistyped address gives one line."""
    (tmp_path / "doubling.py").write_text(RIGHT)
    ran = submit(join("ada").name, "doubling.py", url=url)
    assert ran.returncode in (2, 3)
    assert says in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_without_a_token_it_says_where_to_get_one(submit: Submit, join: Joins, tmp_path: Path, server: Any) -> None:
    """A missing GRADER_TOKEN, or --student beside it, is wrong use; the portal reports an invalid one."""
    (tmp_path / "doubling.py").write_text(RIGHT)
    ran = submit(None, "doubling.py")
    assert (ran.returncode, "GRADER_TOKEN" in ran.stderr) == (2, True)
    ran = submit(join("ada").name, "doubling.py", "--student", "ada")
    assert (ran.returncode, "--student" in ran.stderr) == (2, True)
    ran = submit(join("eve", "instructor").name, "doubling.py")
    assert (ran.returncode, "for students" in ran.stderr) == (3, True)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Yield a server that redirects to itself under another name, and keeps the tokens that it receives."""
    heard: list[str] = []

    class Sending(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{port}/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    listening = HTTPServer(("127.0.0.1", 0), Sending)
    port = listening.server_port
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}", heard
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_a_token_is_sent_nowhere_else(
    join: Joins, submit: Submit, tmp_path: Path, elsewhere: tuple[str, list[str]]
) -> None:
    """A redirect is not followed, so no server can send the token on."""
    url, heard = elsewhere
    (tmp_path / "doubling.py").write_text(RIGHT)
    ran = submit(join("ada").name, "doubling.py", url=url)
    assert (ran.returncode, heard) == (3, ["/api/v1/me"])
    assert len(ran.stderr.splitlines()) == 1
