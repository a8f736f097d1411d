"""A real portal on a free port of this machine, people with accounts there, and a client that fills in its forms."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
import uvicorn

from grader.store import Store
from grader.web.app import create_app
from grader.web.app_state import open_portal
from grader.web.settings import PortalSettings

PASSWORD = "four words in a row"

COURSE = """\
title = "Small"
exercises = ["doubling", "halving", "saying"]
time_zone = "Europe/Berlin"

[exercise.doubling.policy]
deadline = 2031-05-20T23:59:00
attempts = 4
counts = "best"
"""
SOLUTION = """\
# %% question="{name}"
def {name}(x):
    y = {body}  # blank: what comes of x
    return y
"""
CHECKS = """\
from grader.authoring import code_question

from . import solution

{name} = code_question("{name}", title="Of <b>{name}</b>", points=3, reference=solution.{name})


@{name}.check(points=1)
def a_row(rng):
    '''A row of numbers.'''
    return rng.normal(size=3)


@{name}.check(points=2, hidden=True)
def a_table(rng):
    '''A table of numbers.'''
    return rng.normal(size=(2, 3))


@{name}.mistake
def squared(x):
    '''You squared it.'''
    return x * x
"""
PROSE = """\
# %% [markdown]
# Why is it so?

# %% [markdown] question="why"
# *question: why*
#
# ### BEGIN SOLUTION
# Because it is so.
# ### END SOLUTION
"""
RUBRIC = """\
from grader.authoring import text_question

why = text_question(
    "why", title="Why", points=2, rubric={"It says because": 1.5, "It is short": 0.5}, ideal="Because it is so."
)
"""


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course: `doubling` with a deadline and the best of four attempts; `halving`; `saying` in prose."""
    folder = tmp_path_factory.mktemp("portal") / "course"
    for exercise, name, body in (("doubling", "twice", "x + x"), ("halving", "half", "x / 2")):
        here = folder / "reference" / exercise
        here.mkdir(parents=True)
        (here / "solution.py").write_text(SOLUTION.format(name=name, body=body))
        (here / "checks.py").write_text(CHECKS.format(name=name))
    saying = folder / "reference" / "saying"
    saying.mkdir()
    (saying / "solution.py").write_text(PROSE)
    (saying / "checks.py").write_text(RUBRIC)
    (folder / "reference" / "course.toml").write_text(COURSE)
    return folder


@dataclass
class Server:
    """A running `grader serve`; `log` is its standard error."""

    url: str
    db: str
    process: subprocess.Popen[str]
    log: Path

    def wait(self, what: Callable[[], object], seconds: float = 120.0) -> None:
        """Wait until a condition holds; fail with the log if it never does."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Return whether it answers and grading runs."""
        try:
            return bool(httpx.get(f"{self.url}/readyz", timeout=30).json()["dispatcher"])
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """Stop it in order; return its exit code."""
        self.process.terminate()
        return self.process.wait(120)

    def processes(self) -> list[int]:
        """The web processes and the dispatcher."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                command = (folder / "cmdline").read_bytes()
            except (OSError, IndexError):
                continue
            if parent == str(self.process.pid) and b"spawn_main" in command:
                found.append(int(folder.name))
        return found


@contextmanager
def _serving(course: Path, db: str, folder: Path, *options: str) -> Iterator[Server]:
    """Yield a `grader serve` of its own, as long as the context lasts."""
    log = folder / "log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADER_")}
    workers = () if "--scheduler" in options else ("--workers", "1")
    command = [sys.executable, "-m", "grader", "serve", "--port", "0", *workers, "--course", str(course)]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, "--db", db, *options],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout
    try:
        first = process.stdout.readline()
        assert first, log.read_text()
        server = Server(first.split()[-1], db, process, log)
        server.wait(server.is_ready)
        yield server
    finally:
        process.terminate()
        process.wait(120)
        process.stdout.close()


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[Server]]:
    """Return a function that starts a portal: `serving(course, db, folder, *options)`."""
    return _serving


@contextmanager
def _answering(course: Path, db: str) -> Iterator[str]:
    """Yield the address of a web server in this process, without a dispatcher, as long as the context lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with open_portal(PortalSettings(course, db, b"s" * 32, url)) as portal:
            server = uvicorn.Server(uvicorn.Config(create_app(portal), log_config=None, lifespan="off", ws="none"))
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()
            try:
                yield url
            finally:
                server.should_exit = True
                thread.join()


@pytest.fixture(scope="session")
def answering() -> Callable[..., AbstractContextManager[str]]:
    """Return a function that starts a web server in this process: `answering(course, db)`."""
    return _answering


@pytest.fixture(scope="session")
def server(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield a portal on SQLite that the tests share, each with people of its own."""
    folder = tmp_path_factory.mktemp("served")
    with _serving(course, f"sqlite:///{folder / 'grader.db'}", folder) as running:
        yield running


@pytest.fixture(scope="session")
def store(server: Server) -> Iterator[Store]:
    """Yield the records of the shared portal."""
    with Store.open(server.db) as opened:
        yield opened


@dataclass
class Person:
    """A person with a browser without scripts: follows links, fills in forms, keeps cookies."""

    name: str
    url: str
    http: httpx.Client = field(repr=False)

    def get(self, path: str) -> httpx.Response:
        """Follow a link and its redirects."""
        return self.http.get(path, follow_redirects=True)

    def post(self, path: str, page: str, file: tuple[str, bytes] | None = None, **fields: str) -> httpx.Response:
        """Fill in the form on a page and send it; return the response, which may be a redirect."""
        token = re.search(r'name="csrf" value="(\w+)"', self.get(page).text)
        sent = {"csrf": token[1] if token else "", **fields}
        return self.http.post(path, data=sent, files={"file": file} if file else None)

    def hand_in(self, exercise: str, data: bytes, name: str = "mine.py") -> httpx.Response:
        """Submit a file."""
        page = f"/exercises/{exercise}"
        return self.post(f"{page}/attempts", page, (name, data))

    def page(self, exercise: str, number: int = 1) -> str:
        """Return the page of an attempt once it is graded."""
        end = time.monotonic() + 120
        while "being graded" in (page := self.get(f"/exercises/{exercise}/attempts/{number}").text):
            assert time.monotonic() < end, page
            time.sleep(0.1)
        return page

    def sign_in(self, password: str = PASSWORD) -> httpx.Response:
        """Sign in."""
        return self.post("/sign-in", "/sign-in", name=self.name, password=password)


Joins = Callable[..., Person]
_numbers = count()


@pytest.fixture
def arrive() -> Iterator[Callable[[str, str], Person]]:
    """Make a person at a portal, by its address, who isn't signed in."""
    with ExitStack() as stack:

        def arrives(url: str, name: str) -> Person:
            return Person(name, url, stack.enter_context(httpx.Client(base_url=url, timeout=120)))

        yield arrives


@pytest.fixture
def enter(arrive: Callable[[str, str], Person]) -> Callable[..., Person]:
    """Make a person at a portal who was invited and has signed in."""

    def enters(url: str, store: Store, name: str, role: str = "student") -> Person:
        return _entered(arrive(url, name), store, role)

    return enters


def _entered(person: Person, store: Store, role: str) -> Person:
    link = f"/invitation/{store.accounts.add(person.name, role, timedelta(days=1))}"
    answer = person.post(link, link, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 303, answer.text
    return person


@pytest.fixture
def join(server: Server, store: Store, enter: Callable[..., Person]) -> Joins:
    """Return a function that makes a signed-in person at the shared portal, with a unique name."""
    return lambda name, role="student": enter(server.url, store, f"{name}-{os.getpid()}-{next(_numbers)}", role)


@pytest.fixture(scope="module")
def joining(server: Server, store: Store) -> Iterator[Joins]:
    """Do the same for people whom the tests of a module share."""
    with ExitStack() as stack:

        def joins(name: str, role: str = "student") -> Person:
            http = stack.enter_context(httpx.Client(base_url=server.url, timeout=120))
            return _entered(Person(f"{name}-{os.getpid()}-{next(_numbers)}", server.url, http), store, role)

        yield joins


@pytest.fixture
def visitor(server: Server, arrive: Callable[[str, str], Person]) -> Person:
    """Return a person without an account."""
    return arrive(server.url, "nobody")
