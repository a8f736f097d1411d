"""Killing any process of a portal leaves no orphan and no file behind, and a new start works at once.

Covers `web/processes/dispatcher_process.py`, `web/processes/entry_points.py`, `web/processes/parent_death.py`,
`web/processes/runtime_dir.py`, `web/processes/supervisor.py` and `web/processes/web_server.py`.
"""

import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from grader.store import Store
from grader.store.db.engine import Database
from grader.web.processes import runtime_dir

TWICE = "def twice(x):\n    time_{n} = x + x\n    return time_{n}\n"
KILLED = {
    "sqlite": [(), ("web",), ("dispatcher",), ("web", "dispatcher")],
    "postgresql": [(), ("web", "dispatcher")],
}
"""The processes that are killed with the supervisor, one time after the other."""


def _descendants(root: int) -> dict[int, str]:
    """Return all descendants of a process, each with its start time."""
    found: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            found[int(entry.name)] = int(fields[1]), fields[19]
    below = {root}
    while more := {pid for pid, (parent, _) in found.items() if parent in below} - below:
        below |= more
    return {pid: found[pid][1] for pid in below & found.keys()}


def _left(there: dict[int, str]) -> list[int]:
    """Return the processes that still run."""
    left = []
    for pid, began in there.items():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and fields[19] == began:
            left.append(pid)
    return left


def _until_gone(there: dict[int, str]) -> None:
    end = time.monotonic() + 90
    while left := _left(there):
        assert time.monotonic() < end, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        time.sleep(0.1)


def _gradings(url: str) -> Counter[int]:
    database = Database(url)
    with database.read() as connection:
        found = Counter(row[0] for row in connection.execute(text("SELECT submission_id FROM gradings")))
    database.close()
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files of this test's processes."""
    there = tmp_path / "tmp"
    there.mkdir()
    monkeypatch.setenv("TMPDIR", str(there))
    return there


@pytest.mark.timeout(900)
def test_nothing_outlives_a_killed_portal(
    course: Path, serving: Any, enter: Callable[..., Any], tmp_path: Path, temporary: Path, database_url: str
) -> None:
    """With the supervisor killed, alone or with others, all processes end; the port and the folder are free.

    A new portal started at once grades the rest; in the end everything was graded once.
    """
    turns = KILLED[database_url.partition(":")[0]]
    with Store.open(database_url) as store, ExitStack() as stack:
        server = stack.enter_context(serving(course, database_url, tmp_path))
        ada, eve = enter(server.url, store, "ada"), enter(server.url, store, "eve", "instructor")
        port = server.url.rpartition(":")[2]
        for turn, killed in enumerate(turns):
            eve.post("/course/check", "/course")
            for n in (1, 2):
                assert ada.hand_in("doubling", TWICE.format(n=2 * turn + n).encode()).status_code == 303
            there = _descendants(server.process.pid)
            web, dispatcher = sorted(server.processes())
            chosen = {"web": web, "dispatcher": dispatcher}
            for pid in (server.process.pid, *(chosen[name] for name in killed)):
                os.kill(pid, signal.SIGKILL)
            server.process.wait(60)
            server = stack.enter_context(serving(course, database_url, tmp_path, "--port", port))
            _until_gone(there)
            assert len(list(temporary.glob(f"{runtime_dir.RUNTIME_DIR_PREFIX}*"))) == 1
        server.wait(lambda: not list(store.iterate_ungraded()))
        assert server.stop() == 0
        assert not list(temporary.glob(f"{runtime_dir.RUNTIME_DIR_PREFIX}*"))
        assert _gradings(database_url) == Counter({one.id: 1 for one in store.submissions()})
        assert len(list(store.submissions())) == 2 * len(turns)


def test_folders_of_dead_portals_are_deleted(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that a process holds stays, an abandoned one is deleted, and other folders are not touched."""
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    dead, made, other = (
        temporary / name
        for name in (f"{runtime_dir.RUNTIME_DIR_PREFIX}dead", f"{runtime_dir.RUNTIME_DIR_PREFIX}made", "grader-other")
    )
    for one in (dead, made, other):
        one.mkdir()
    (dead / "held").touch()
    (dead / "preview.result.json").write_text("{}")
    (temporary / f"{runtime_dir.RUNTIME_DIR_PREFIX}link").symlink_to(other)
    with runtime_dir.open_runtime_dir() as first, runtime_dir.open_runtime_dir() as second:
        assert first.exists()
        assert second.exists()
        assert not dead.exists()
    assert not first.exists()
    assert made.exists()
    assert other.exists()
