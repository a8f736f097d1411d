"""Claims: of several that grade, each submission has one at a time; nobody dead keeps any."""

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
    """Five submissions."""
    return [r.id for r in store.record_many(NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(5))]


@pytest.fixture
def other(database_url: str, store: Store) -> Iterator[Store]:
    """Another dispatcher at the same records."""
    with Store.open(database_url) as opened:
        yield opened


def test_what_is_claimed_isnt_given_twice(store: Store, other: Store, ids: list[int]) -> None:
    """Each gets what the other hasn't; claiming again keeps what one has; what isn't there isn't claimed."""
    assert store.claim(ids[:3]) == set(ids[:3])
    assert other.claim(ids) == set(ids[3:])
    assert store.claim(ids) == set(ids[:3])
    assert store.claim([99]) == store.claim([]) == set()


def test_a_grading_gives_its_claim_back(
    store: Store, other: Store, ids: list[int], make_grading: Callable[..., Grading]
) -> None:
    """In the same transaction: whoever claims it then sees that it is graded. A refused grading gives nothing back."""
    store.claim(ids)
    store.append(ids[0], make_grading())
    with pytest.raises(StoreError):
        store.append(ids[1], make_grading(exercise="overview"))
    assert other.claim(ids) == {ids[0]}
    assert [s.id for s in other.ungraded(ids=[ids[0]])] == []
    store.release_claims()
    assert other.claim(ids) == set(ids)


def test_a_claim_lapses_unless_it_is_renewed(store: Store, other: Store, database: Database, ids: list[int]) -> None:
    """After its time another may have it; a renewal gives it time again."""
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


def test_the_dead_keep_nothing(store: Store, ids: list[int], database_url: str) -> None:
    """What a killed process had is free at once, as far as this machine can tell that it is gone."""
    done = subprocess.run([sys.executable, "-c", DYING, database_url], capture_output=True, text=True, timeout=120)
    assert done.stdout == f"{ids[:3]}\n"
    assert store.claim(ids) == set(ids)


def test_processes_of_other_machines_are_not_taken_for_dead(
    store: Store, other: Store, database: Database, ids: list[int]
) -> None:
    """Their process ids mean nothing here: only their time runs out."""
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
        for s in store.ungraded(ids=mine):
            store.append(s.id, UnreadableResult("no", "v", "g", "s"))
"""


def test_several_dispatchers_grade_each_submission_once(
    store: Store, at_once: Callable[[str, int], list[str]], database_url: str
) -> None:
    """Four at once over the same list: sixty submissions, sixty gradings."""
    store.record_many(NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(60))
    at_once(AT_ONCE, 4)
    assert store.read_info().gradings == 60
    assert list(store.ungraded()) == []
