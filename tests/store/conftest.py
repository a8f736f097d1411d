"""Fixtures for the tests of the store: an open store, gradings to append, and several processes at once."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from grader.core.compare.mismatch import ValuesMismatch
from grader.core.compare.tensors import Remark
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.reason import KnownMistake
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo, Status
from grader.store import Store
from grader.store.db.engine import Database
from tests.conftest import new_database

Run = Callable[[str, int], list[str]]
MakeGrading = Callable[..., Grading]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database without records that was opened once: to copy it takes less time than to open an empty one."""
    path = tmp_path_factory.mktemp("template") / "grader.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[str]:
    """Return the name of such a database."""
    with new_database(postgresql) as url:
        Store.open(url).close()
        name = make_url(url).database
        assert name
        yield name


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database: a copy for a test that begins with an open store, else one that doesn't exist."""
    path = tmp_path / "grader.db"
    if "store" in request.fixturenames:
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql: str) -> Iterator[str]:
    """Return the URL of a database: a copy for a test that begins with an open store, else an empty one."""
    begun = "store" in request.fixturenames
    with new_database(postgresql, request.getfixturevalue("postgresql_template") if begun else "template0") as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Yield a store without records."""
    with Store.open(database_url) as opened:
        yield opened


@pytest.fixture
def database(store: Store, database_url: str) -> Iterator[Database]:
    """Yield the same database for the test's own SQL."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def make_grading() -> MakeGrading:
    """Make a grading of two questions, the second without checks; `fault` adds a grader error."""

    def make(version: str = "v1", seed: str = "s1", *, exercise: str = "losses", fault: bool = False) -> Grading:
        checks = [
            CheckResult("vector", Verdict.PASSED, 2.0, 2.0, False, remarks=(Remark("converted", "list"),)),
            CheckResult(
                "batch",
                Verdict.WRONG_ANSWER,
                0.0,
                1.0,
                True,
                output="grad['W2']",
                reason=ValuesMismatch(differing=2, size=6, first_index=(0, 1), expected_at="nan", actual_at="-inf"),
                explanations=(KnownMistake("whole_batch"),),
            ),
        ]
        if fault:
            checks.append(CheckResult("ours", Verdict.GRADER_ERROR, 0.0, 1.5, False))
        cells = (
            CellRun("cell 1", printed="日本語"),
            CellRun("cell 2", Status.DONE, ExceptionInfo("NameError", "y", line=3), remarks=("%magic",)),
        )
        questions = (QuestionResult("softmax", "code", tuple(checks)), QuestionResult("why", "text", ()))
        return Grading(exercise, version, "0.1.0", seed, "full", questions, cells, elapsed_ms=11.25)

    return make


_AT_ONCE = """
import json, os, sys
from grader.store import Store
url, count, script = sys.argv[1], int(sys.argv[2]), sys.argv[3]
waiting, starting = os.pipe()
outputs = []
for me in range(count):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(starting)
        os.dup2(writing, 1)
        os.read(waiting, 1)
        exec(script)
        sys.exit()
    os.close(writing)
    outputs.append(open(reading))
os.close(starting)
texts = [output.read() for output in outputs]
codes = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in outputs]
print(json.dumps(texts))
sys.exit(any(codes))
"""


@pytest.fixture
def at_once(database_url: str) -> Run:
    """Run a script in several processes that go on together; it finds the URL and its number as `url` and `me`.

    Return their output. They are forks of one process, which has imported the program, but has not opened a database.
    """

    def run(script: str, count: int) -> list[str]:
        command = [sys.executable, "-c", _AT_ONCE, database_url, str(count), script]
        done = subprocess.run(command, capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr
        outputs: list[str] = json.loads(done.stdout)
        return outputs

    return run
