"""Concurrent commands, kills, a full disk and a lost database leave whole records, and print one line.

The short form runs always; `pytest --long tests/cli/test_crashes.py` kills batches of 300 at 100 random moments on
each kind of database.
"""

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, make_url

from grader.core.results.grading import Grading
from grader.store import NewSubmission, Store
from grader.store.db.engine import Database
from grader.store.db.models.submissions import SecretRow
from grader.store.secret import SECRET_BYTES

ANSWERS = (
    "def twice(x):\n    return x + x\n",
    "def twice(x):\n    return x * x\n",
    "def twice(x):\n    return ____\n",
    "def twice(x):\n    raise ValueError(x.shape)\n",
)
WAITING = "another command grades the rest; waiting for it"
LIMIT = 280
"""Seconds that a command may take on a busy machine."""


@dataclass(frozen=True)
class Batch:
    """A class in a folder of its own, with its own students, and the database that it is graded into."""

    folder: Path
    course: Path
    url: str

    def start(self, workers: int = 2, **options: Any) -> "subprocess.Popen[str]":
        """Start `grader grade` on it."""
        command = [sys.executable, "-m", "grader", "grade", str(self.folder), "--workers", str(workers), "--json"]
        command += ["--course", str(self.course), "--db", self.url]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def run(self, **options: Any) -> tuple[int, str, str]:
        """Return exit code, output and errors of `grader grade`."""
        process = self.start(**options)
        out, err = process.communicate(timeout=LIMIT)
        return process.returncode, out, err

    def state(self) -> dict[str, Any]:
        """Return everything on record, by the student's number, without values that differ from run to run."""
        prefix = self.folder.name + "-"
        with Store.open(self.url) as store:
            found = {s.student.removeprefix(prefix): [s] for s in store.submissions() if s.student.startswith(prefix)}
            graded = {g.submission.id: g.result for g in store.iterate_graded()}
            return {name: [_fact(graded.get(s.id), s.sha256, s.number) for s in all] for name, all in found.items()}


def _fact(result: object, sha256: str, number: int) -> tuple[object, ...]:
    assert isinstance(result, Grading)
    return (sha256, number, result.questions, result.course_version, result.seed, result.sandbox)


Make = Callable[[int, int, str], Batch]


@pytest.fixture
def batches(tmp_path: Path, course_folder: Path) -> Make:
    """Return a function that makes a class of a given size; classes of different sizes share answers, not students."""

    def make(number: int, size: int, url: str) -> Batch:
        folder = tmp_path / f"class{number}"
        for i in range(size):
            student = folder / f"class{number}-{i:03}"
            student.mkdir(parents=True)
            noise = random.Random(i).randbytes(1500).hex()
            (student / "doubling.py").write_text(ANSWERS[i % len(ANSWERS)] + f"# {i} {noise}\n")
        return Batch(folder, course_folder, url)

    return make


def _seeded(url: str) -> str:
    """Return the database with a secret that all tests know, so that the checks draw the same inputs."""
    with Store.open(url), contextlib.closing(Database(url)) as database, database.write() as connection:
        row = {"name": "seed", "value": bytes(SECRET_BYTES), "created_at": datetime.now(UTC)}
        connection.execute(insert(SecretRow).values(row))
    return url


def _gradings(url: str) -> tuple[int, int]:
    with Store.open(url) as store:
        info = store.read_info()
        return info.submissions, info.gradings


def test_eight_at_once(batches: Make, database_url: str) -> None:
    """Eight concurrent commands grade the same class: each prints everything, and each file is graded once.

    Some have worker processes, the others grade by themselves.
    """
    batch = batches(0, 24, database_url)
    processes = [batch.start(workers) for workers in (2, 1, 1, 2, 1, 1, 2, 1)]
    ended = [(*process.communicate(timeout=LIMIT), process.returncode) for process in processes]
    assert [code for _, _, code in ended] == [0] * 8
    assert {line for _, err, _ in ended for line in err.splitlines()} <= {WAITING}
    assert len({tuple(sorted(line[:60] for line in out.splitlines())) for out, _, _ in ended}) == 1
    assert {len(out.splitlines()) for out, _, _ in ended} == {24}
    assert _gradings(database_url) == (24, 24)


@pytest.mark.parametrize(
    ("size", "kills"),
    [(30, 2), pytest.param(300, 100, marks=[pytest.mark.long, pytest.mark.timeout(4 * 3600)])],
)
def test_a_kill_loses_no_finished_grading(
    batches: Make, empty_databases: Callable[[], str], size: int, kills: int
) -> None:
    """Killed at a random moment and run again, the records equal those of an undisturbed run, each file once."""
    undisturbed = batches(0, size, _seeded(empty_databases()))
    start = time.monotonic()
    assert undisturbed.run()[0] == 0
    duration = time.monotonic() - start
    expected = undisturbed.state()
    assert len(expected) == size
    killed = 0
    while killed < kills:
        batch = replace(undisturbed, url=_seeded(empty_databases()))
        process = batch.start(start_new_session=True)
        time.sleep(random.uniform(0.1, 1.0) * duration)
        if process.poll() is None:
            killed += 1
        else:  # the machine is less busy than before: kill earlier
            duration *= 0.7
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=LIMIT)
        code, out, err = batch.run()
        assert (code, err, len(out.splitlines())) == (0, "", size)
        assert batch.state() == expected
        assert _gradings(batch.url) == (size, size)


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("recorded", [False, True])
def test_a_full_disk_is_one_line(batches: Make, sqlite_url: str, recorded: bool) -> None:
    """A disk full while recording or grading leaves nothing half written; with more room the command continues."""
    batch = batches(0, 30, sqlite_url)
    with Store.open(sqlite_url) as store:
        store.secret()
        if recorded:
            store.record_many(
                NewSubmission(file.parent.name, "doubling", file.read_bytes(), file.name)
                for file in sorted(batch.folder.rglob("*.py"))
            )
    code, out, err = batch.run(preexec_fn=partial(_limited, 40_000))
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "is the disk full?" in err
    assert _gradings(sqlite_url) == (30 if recorded else 0, 0)
    code, out, err = batch.run()
    assert (code, err, len(out.splitlines())) == (0, "", 30)
    assert _gradings(sqlite_url) == (30, 30)


def _wait_for_gradings(url: str, more_than: int = 0) -> None:
    """Wait until there are more gradings than before."""
    end = time.monotonic() + LIMIT
    while _gradings(url)[1] <= more_than:
        assert time.monotonic() < end
        time.sleep(0.05)


def _slow(batch: Batch) -> Batch:
    """Return the same class with files that take a tenth of a second each, so that it can be interrupted midway."""
    for file in batch.folder.rglob("*.py"):
        file.write_text("import time\ntime.sleep(0.1)\n" + file.read_text())
    return batch


def test_a_server_that_goes_away_is_one_line(batches: Make, postgresql: str, postgresql_url: str) -> None:
    """A server lost in mid-batch gives exit code 3; once it is back, the same command finishes the rest."""
    batch = _slow(batches(0, 60, postgresql_url))
    name = make_url(postgresql_url).database
    process = batch.start()
    _wait_for_gradings(postgresql_url)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        out, err = process.communicate(timeout=LIMIT)
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert (process.returncode, out, err.count("\n")) == (3, "", 1)
    assert err.startswith("grader: postgresql://")
    code, out, err = batch.run()
    assert (code, err, len(out.splitlines())) == (0, "", 60)
    assert _gradings(postgresql_url) == (60, 60)


def test_a_server_that_is_stopped_is_one_line(batches: Make, own_postgresql: Any) -> None:
    """A server killed or stopped in mid-batch gives one line each time; in the end each file has a whole grading."""
    batch = _slow(batches(0, 60, own_postgresql.url))
    finished = 0
    for end in (own_postgresql.kill, own_postgresql.stop):
        process = batch.start()
        _wait_for_gradings(batch.url, finished)
        end()
        out, err = process.communicate(timeout=LIMIT)
        assert (process.returncode, out, err.count("\n")) == (3, "", 1)
        assert err.startswith("grader: postgresql://")
        assert "check that the server runs" in err
        code, out, err = batch.run()
        assert (code, out, err.count("\n")) == (3, "", 1)
        own_postgresql.start()
        submissions, finished = _gradings(batch.url)
        assert submissions == 60
        with Store.open(batch.url) as store:
            assert all(
                isinstance(g.result, Grading) and len(g.result.questions[0].checks) == 2 for g in store.iterate_graded()
            )
    assert batch.run()[0] == 0
    assert _gradings(batch.url) == (60, 60)


def test_a_file_that_goes_away_is_one_line(batches: Make, sqlite_url: str, tmp_path: Path) -> None:
    """A database moved while in use gets no further writes, and no empty one is made in its place."""
    batch = _slow(batches(0, 60, sqlite_url))
    process = batch.start()
    _wait_for_gradings(sqlite_url)
    moved = tmp_path / "moved"
    moved.mkdir()
    for file in tmp_path.glob("grader.db*"):
        os.rename(file, moved / file.name)
    out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, out, err.count("\n")) == (3, "", 1)
    assert "was moved or deleted while it was in use" in err
    for file in moved.iterdir():
        os.rename(file, tmp_path / file.name)
    code, out, err = batch.run()
    assert (code, err, len(out.splitlines())) == (0, "", 60)
    assert _gradings(sqlite_url) == (60, 60)
