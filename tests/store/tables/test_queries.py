"""Tests of the cost of reading and writing, counted in steps of SQLite's machine instead of seconds."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, event, text

from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.store import NewSubmission, Store
from grader.store.db.engine import Database

Count = Callable[[Callable[[], object]], int]
STEP = 10


@pytest.fixture
def count() -> Iterator[Count]:
    """Yield a function that counts the steps, in tens, that the database takes for an action."""
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


def test_bytes_are_read_with_their_submissions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is kept and the bytes are right, however many are read at once."""
    monkeypatch.setattr("grader.store.tables.queries.MAX_BYTES_PER_READ", 1000)
    sizes = [0, 10, 999, 5000, 1, *range(40)]
    hand_ins = [NewSubmission(f"s{i}", "losses", bytes([i]) * size, "a.py") for i, size in enumerate(sizes)]
    store.record_many(hand_ins)
    wanted = sorted(store.submissions(), key=lambda one: one.sha256)
    found = list(store.contents(wanted))
    assert [submission for submission, _ in found] == wanted
    assert [data for _, data in found] == [store.read_content(one.id) for one in wanted]
    assert sorted(data for _, data in found) == sorted(one.data for one in hand_ins)


def test_damaged_bytes_end_the_iteration(sqlite_url: str) -> None:
    """Earlier ones are returned; the damaged ones raise an error that names them."""
    with Store.open(sqlite_url) as store:
        store.record_many(NewSubmission(name, "losses", name.encode(), "a.py") for name in ("ada", "bob", "eve"))
        with contextlib.closing(Database(sqlite_url)) as database, database.write() as connection:
            connection.execute(text("DROP TRIGGER blobs_no_update"))
            bob = "SELECT sha256 FROM submissions WHERE id = 2"
            connection.execute(text(f"UPDATE blobs SET compressed = X'00' WHERE sha256 = ({bob})"))
        found = store.contents(store.submissions())
        assert next(found)[1] == b"ada"
        with pytest.raises(StoreError, match=r"submission 2 are damaged"):
            next(found)


def test_a_submission_costs_the_same_however_many_there_are(
    sqlite_url: str, count: Count, make_grading: Callable[..., Grading]
) -> None:
    """With ten times the records, one action takes nearly the same steps, and reading all ten times as many."""

    def fill(start: int, stop: int) -> None:
        hand_ins = (NewSubmission(f"s{i}", "losses", b"%d" % i, "a.py") for i in range(start, stop))
        store.append_many((recorded.id, make_grading()) for recorded in store.record_many(hand_ins))

    def costs(me: str) -> dict[str, int]:
        one = store.record(me, "losses", b"first", "a.py").id
        return {
            "record": count(lambda: store.record(me, "losses", b"1", "a.py")),
            "append": count(lambda: store.append(one, make_grading())),
            "data": count(lambda: store.read_content(one)),
            "one's outdated": count(lambda: list(store.iterate_outdated("v2", "0.1.0", "s1", student=me))),
            "one's latest": count(lambda: list(store.iterate_graded(student=me))),
            "all ungraded": count(lambda: list(store.iterate_ungraded())) // store.read_info().submissions,
            "all latest": count(lambda: list(store.iterate_graded())) // store.read_info().submissions,
        }

    with Store.open(sqlite_url) as store:
        fill(0, 300)
        few = costs("ada")
        fill(300, 3000)
        many = costs("bob")
    assert all(many.values())
    assert {what: (few[what], many[what]) for what in few if many[what] > 1.5 * few[what] + 3} == {}
