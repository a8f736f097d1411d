"""Many requests wait for gradings; the records are read once for all of them, and no request misses the news.

Covers `web/processes/thread_pools.py`.
"""

import asyncio
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from grader.store import Store, UnreadableResult
from grader.web.processes.thread_pools import ThreadPools
from grader.web.views.grading_watch import AttemptKey, GradingWatch
from tests.web.loop import run


@pytest.fixture
def records(database_url: str) -> Iterator[Store]:
    """Yield empty records, on each kind of database."""
    with Store.open(database_url) as opened:
        yield opened


def _hand_in(store: Store, count: int) -> dict[AttemptKey, int]:
    return {(f"s{n}", "doubling", 1): store.record(f"s{n}", "doubling", b"x = 1", "a.py").id for n in range(count)}


def _grade(store: Store, id: int) -> None:
    store.append(id, UnreadableResult("no notebook", "v", "g", "s"))


def _until_told(watch: GradingWatch, key: AttemptKey) -> None:
    end = time.monotonic() + 60
    while watch.is_waiting(key):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_attempt_waits_until_it_is_graded(records: Store) -> None:
    """Each attempt waits by itself; one that doesn't exist doesn't wait."""
    (ada, first), (bob, second) = _hand_in(records, 2).items()
    watch = GradingWatch(records)
    assert watch.is_waiting(ada)
    assert watch.is_waiting(bob)
    assert not watch.is_waiting(("nobody", "doubling", 1))
    _grade(records, first)
    _until_told(watch, ada)
    assert watch.is_waiting(bob)
    _grade(records, second)
    _until_told(watch, bob)
    assert not watch.is_known_to_wait(bob)


def test_a_grading_that_comes_out_of_turn_is_found(records: Store) -> None:
    """A grading committed after a later id was seen is found, because the memory expires."""
    ((key, id),) = _hand_in(records, 1).items()
    watch = GradingWatch(records)
    watch._seen = 10**9
    assert watch.is_waiting(key)
    _grade(records, id)
    watch._seen = 10**9
    _until_told(watch, key)


def test_many_watchers_cause_few_queries(records: Store) -> None:
    """A hundred watch in threads of their own; there are far fewer queries than looks, and all hear the news."""
    handed = _hand_in(records, 100)
    watch, lanes = GradingWatch(records), ThreadPools()
    for key in handed:
        assert watch.is_waiting(key)
    asked = [0]
    event.listen(records._database._engine, "begin", lambda _: asked.__setitem__(0, asked[0] + 1))
    looks = 0
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        for key in handed:
            looks += 1
            watch.is_waiting(key)
    assert looks >= 100
    assert asked[0] <= looks / 2

    async def hears(key: AttemptKey) -> None:
        while not await watch.wait_until_graded(key, lanes):
            pass

    async def everybody() -> None:
        watching = [asyncio.create_task(hears(key)) for key in handed]
        for id in handed.values():
            await asyncio.to_thread(_grade, records, id)
        await asyncio.wait_for(asyncio.gather(*watching), 120)

    run(everybody())
