"""Nothing is lost and nothing graded twice, whatever is killed, and however many dispatchers there are."""

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.grading.tasks import GradingConfig, make_faulted_grading
from grader.store import Store
from grader.store.db.engine import Database
from grader.store.tables.queue import compute_retry_delay
from grader.version import __version__
from grader.web.processes.dispatcher import Dispatcher
from grader.web.settings import PortalSettings

TWICE = "def twice(x):\n    time_{n} = x + x\n    return time_{n}\n"


@pytest.fixture(scope="module")
def loaded(course: Path) -> Course:
    """Return the course of these tests."""
    return load_course(course)


@pytest.fixture
def records(database_url: str) -> Iterator[Store]:
    """Yield empty records, on each kind of database."""
    with Store.open(database_url) as opened:
        yield opened


def _settings(course: Path, url: str) -> PortalSettings:
    return PortalSettings(course, url, b"s" * 32, "http://127.0.0.1", workers=1)


def _hand_in(store: Store, students: int, each: int) -> int:
    for n in range(each):
        for student in range(students):
            store.record(f"s{student}", "doubling", TWICE.format(n=n).encode(), "a.py")
    return students * each


def _gradings(url: str) -> Counter[int]:
    database = Database(url)
    with database.read() as connection:
        rows = connection.execute(text("SELECT submission_id FROM gradings")).all()
    database.close()
    return Counter(row[0] for row in rows)


def _until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 150
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_two_dispatchers_grade_everything_once(records: Store, course: Path, database_url: str) -> None:
    """One of two has the lock and works, the other waits; when the first ends, the second goes on."""
    loaded = load_course(course)
    stops = [threading.Event(), threading.Event()]
    stores = [Store.open(database_url) for _ in stops]
    settings = _settings(course, database_url)
    threads = [
        threading.Thread(target=Dispatcher(store, loaded, settings).run, args=(stop,))
        for store, stop in zip(stores, stops, strict=True)
    ]
    assert not records.has_dispatcher()
    count = _hand_in(records, 4, 3)
    try:
        for thread in threads:
            thread.start()
        _until(lambda: len(_gradings(database_url)) == count)
        assert records.has_dispatcher()
        stops[0].set()
        threads[0].join(60)
        records.record("late", "halving", b"def half(x):\n    return x / 2\n", "a.py")
        _until(lambda: len(_gradings(database_url)) == count + 1)
    finally:
        for stop, thread, store in zip(stops, threads, stores, strict=True):
            stop.set()
            thread.join(60)
            store.close()
    assert set(_gradings(database_url).values()) == {1}
    assert not records.has_dispatcher()


def test_failures_of_the_grader_are_retried_a_few_times(records: Store, loaded: Course) -> None:
    """A grader failure is retried after a pause, three times in all; a new version of the course retries."""
    id = records.record("ada", "doubling", b"x = 1", "a.py").id
    setup = GradingConfig(Path(loaded.folder), loaded.version, b"s" * 32)
    versions = (loaded.version, __version__)
    assert [one.id for one in records.pending(["doubling"], versions)] == [id]
    assert records.pending(["halving"], versions) == []
    assert records.pending(["doubling"], versions, after=id) == []
    records.append(id, make_faulted_grading(loaded.exercise("doubling"), setup))
    assert records.pending(["doubling"], versions) == []  # not at once
    for _ in range(2):
        records.append(id, make_faulted_grading(loaded.exercise("doubling"), setup))
    assert records.pending(["doubling"], versions) == []
    assert [one.id for one in records.pending(["doubling"], ("another", __version__))] == [id]


def test_failures_are_retried_later_each_time() -> None:
    """The pauses between tries grow: 20 seconds, then two minutes."""
    assert [compute_retry_delay(failures).total_seconds() for failures in (1, 2)] == [20, 120]


def test_one_students_files_leave_room_for_others(records: Store, loaded: Course, course: Path) -> None:
    """With two workers, of one student's waiting files only one is taken, and another's first file beside it."""
    for n in range(3):
        records.record("ada", "doubling", b"x = %d" % n, "a.py")
    dispatcher = Dispatcher(records, loaded, _settings(course, "sqlite:///unused.db"))
    dispatcher._find_pending()
    assert (first := dispatcher._next_task()) is not None
    assert dispatcher._next_task() is None
    bobs = records.record("bob", "doubling", b"x = 1", "a.py").id
    dispatcher._looked = 0.0
    dispatcher._find_pending()
    second = dispatcher._next_task()
    assert (first.id, second and second.id) == (1, bobs)
    assert dispatcher._next_task() is None


def test_first_files_of_all_students_come_first(records: Store, loaded: Course) -> None:
    """With a limit, first files of all students come before anybody's tenth; claimed ones are left out."""
    for n in range(3):
        records.record("ada", "doubling", b"x = %d" % n, "a.py")
    bobs = records.record("bob", "doubling", b"x = 1", "a.py").id
    versions = (loaded.version, __version__)
    assert [one.id for one in records.pending(["doubling"], versions)][:2] == [1, bobs]
    assert records.queue_length(["doubling"]) == 4
    records.claim([1])
    assert bobs == next(one.id for one in records.pending(["doubling"], versions))
    assert records.progress.find_ungraded("bob", "doubling", 1) == bobs
    assert records.progress.find_ungraded("bob", "doubling", 2) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_processes_lose_nothing(
    request: pytest.FixtureRequest, serving: Any, enter: Any, course: Path, tmp_path: Path, kind: str
) -> None:
    """Every accepted file is graded once, though web process and dispatcher are killed meanwhile.

    A signal ends all in order; if `grader serve` itself is killed, its processes end as well.
    """
    url = request.getfixturevalue(f"{kind}_url")
    with serving(course, url, tmp_path) as server, Store.open(url) as store:
        ada = enter(server.url, store, "ada")
        answered = []
        for n in range(5):
            if n == 2:
                for process in server.processes():
                    os.kill(process, signal.SIGKILL)
            with contextlib.suppress(httpx.TransportError):
                answer = ada.hand_in("doubling", TWICE.format(n=n).encode())
                assert answer.status_code == 303
                answered.append(n)
        assert len(answered) >= 3
        _until(lambda: not list(store.iterate_ungraded()))
        handed = list(store.submissions())
        assert {store.read_content(one.id) for one in handed} >= {TWICE.format(n=n).encode() for n in answered}
        assert _gradings(url) == Counter({one.id: 1 for one in handed})
        processes = server.processes()
        assert len(processes) == 2
        if kind == "sqlite":
            server.process.kill()
        else:
            assert server.stop() == 0
        _until(lambda: not any(Path(f"/proc/{one}").exists() for one in processes))
        assert not store.has_dispatcher()


def test_a_database_outage_is_survived(serving: Any, own_postgresql: Any, course: Path, tmp_path: Path) -> None:
    """A database server killed in mid-grading ends no process of the portal; once it is back, all is graded once."""
    url = own_postgresql.url
    slow = "import time\ntime.sleep(1)\n"
    with serving(course, url, tmp_path) as server, Store.open(url) as store:
        processes = server.processes()
        handed = [store.record("ada", "doubling", (slow + TWICE.format(n=n)).encode(), "a.py").id for n in range(3)]
        _until(lambda: len(_gradings(url)) == 1)
        own_postgresql.kill()
        _until(lambda: httpx.get(f"{server.url}/readyz", timeout=60).status_code == 503)
        own_postgresql.start()
        _until(lambda: not list(store.iterate_ungraded()))
        assert _gradings(url) == Counter(dict.fromkeys(handed, 1))
        assert server.processes() == processes
        assert "Traceback" not in server.log.read_text()
