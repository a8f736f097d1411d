"""What reading and writing cost, counted in steps of SQLite's machine rather than in seconds."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, event

from grader.core.grading import Grading
from grader.store import HandIn, Store

Count = Callable[[Callable[[], object]], int]
STEP = 10


@pytest.fixture
def count() -> Iterator[Count]:
    """Counts the steps, in tens, that the database takes for an action."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def watch(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(step, STEP)

    def counted(action: Callable[[], object]) -> int:
        before = steps
        action()
        return steps - before

    event.listen(Engine, "connect", watch)
    yield counted
    event.remove(Engine, "connect", watch)


def test_a_submission_costs_the_same_however_many_there_are(
    sqlite_url: str, count: Count, make_grading: Callable[..., Grading]
) -> None:
    """With ten times the records, each action on one takes nearly as many steps, and reading all ten times as many."""

    def fill(start: int, stop: int) -> None:
        hand_ins = (HandIn(f"s{i}", "losses", b"%d" % i, "a.py") for i in range(start, stop))
        store.append_many((recorded.id, make_grading()) for recorded in store.record_many(hand_ins))

    def costs(me: str) -> dict[str, int]:
        one = store.record(me, "losses", b"first", "a.py").id
        return {
            "record": count(lambda: store.record(me, "losses", b"1", "a.py")),
            "append": count(lambda: store.append(one, make_grading())),
            "data": count(lambda: store.data(one)),
            "one's outdated": count(lambda: list(store.outdated("v2", "0.1.0", "s1", student=me))),
            "one's latest": count(lambda: list(store.latest(student=me))),
            "all ungraded": count(lambda: list(store.ungraded())) // store.info().submissions,
            "all latest": count(lambda: list(store.latest())) // store.info().submissions,
        }

    with Store.open(sqlite_url) as store:
        fill(0, 300)
        few = costs("ada")
        fill(300, 3000)
        many = costs("bob")
    assert all(many.values())
    assert {what: (few[what], many[what]) for what in few if many[what] > 1.5 * few[what] + 3} == {}
