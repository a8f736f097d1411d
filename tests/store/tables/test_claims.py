"""Tests of claims: each submission belongs to one of several dispatchers at a time; dead ones keep none."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.store import NewSubmission, Store
from grader.store.db.engine import Database
from grader.store.tables.claims import make_holder_id


@pytest.fixture
def ids(store: Store) -> list[int]:
    """Return five submissions."""
    return [r.id for r in store.record_many(NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(5))]


@pytest.fixture
def other(database_url: str, store: Store) -> Iterator[Store]:
    """Yield another dispatcher with the same records."""
    with Store.open(database_url) as opened:
        yield opened


def test_a_submission_is_claimed_once(store: Store, other: Store, ids: list[int]) -> None:
    """Each dispatcher gets unclaimed ones; claiming again renews; missing submissions aren't claimed."""
    assert store.claim(ids[:3]) == set(ids[:3])
    assert other.claim(ids) == set(ids[3:])
    assert store.claim(ids) == set(ids[:3])
    assert store.claim([99]) == store.claim([]) == set()


def test_a_grading_releases_its_claim(
    store: Store, other: Store, ids: list[int], make_grading: Callable[..., Grading]
) -> None:
    """Grading and release are one transaction; a refused grading releases nothing."""
    store.claim(ids)
    store.append(ids[0], make_grading())
    with pytest.raises(StoreError):
        store.append(ids[1], make_grading(exercise="overview"))
    assert other.claim(ids) == {ids[0]}
    assert [s.id for s in other.iterate_ungraded(ids=[ids[0]])] == []
    store.release_claims()
    assert other.claim(ids) == set(ids)


def test_a_claim_expires_unless_it_is_renewed(store: Store, other: Store, database: Database, ids: list[int]) -> None:
    """After its time another dispatcher may claim it; a renewal extends the time."""
    past = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S.000000")
    for renewed in (True, False):
        store.claim(ids)
        with database.write() as connection:
            connection.execute(text(f"UPDATE claims SET until = '{past}'"))
        if renewed:
            store.renew_claims()
        assert other.claim(ids) == (set() if renewed else set(ids))


DYING = """
import os, signal, sys
from grader.store import Store
store = Store.open(sys.argv[1])
print(sorted(store.claim([1, 2, 3])), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_dead_processes_keep_no_claims(store: Store, ids: list[int], database_url: str) -> None:
    """Claims of a killed process are free at once, if this machine can tell that it has ended."""
    done = subprocess.run([sys.executable, "-c", DYING, database_url], capture_output=True, text=True, timeout=120)
    assert done.stdout == f"{ids[:3]}\n"
    assert store.claim(ids) == set(ids)


def test_processes_of_other_machines_keep_their_claims(
    store: Store, other: Store, database: Database, ids: list[int]
) -> None:
    """Process ids of other machines mean nothing here: such claims only expire."""
    store.claim(ids)
    with database.write() as connection:
        connection.execute(text("UPDATE claims SET holder = 'elsewhere/1.1/0123456789ab'"))
    assert other.claim(ids) == set()
    assert make_holder_id() != make_holder_id()
    assert f"/{os.getpid()}." in make_holder_id()


AT_ONCE = """
from grader.store import UnreadableResult
with Store.open(url) as store:
    ids = [s.id for s in store.submissions()]
    for start in range(0, 60, 4):
        mine = store.claim(ids[start : start + 4])
        for s in store.iterate_ungraded(ids=mine):
            store.append(s.id, UnreadableResult("no", "v", "g", "s"))
"""


def test_several_dispatchers_grade_each_submission_once(
    store: Store, at_once: Callable[[str, int], list[str]], database_url: str
) -> None:
    """Four dispatchers at once over the same list make sixty gradings of sixty submissions."""
    store.record_many(NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(60))
    at_once(AT_ONCE, 4)
    assert store.read_info().gradings == 60
    assert list(store.iterate_ungraded()) == []
