"""Rosters, the ids of other systems, extensions, and the log."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from grader.core.errors import StoreError
from grader.store import Enrolment, Store


def test_a_roster_is_added_to_who_is_there(store: Store) -> None:
    """Those who handed in before keep their records; those who never did are there too; by name."""
    store.record("bob", "losses", b"1", "a.py")
    rows = [
        Enrolment("bob", "Bob Ross", "bob@example.org", "A", {"canvas": "2", "moodle": "77"}),
        Enrolment("ada", "Ada Lovelace", section="B", ids={"canvas": "1"}),
    ]
    assert store.people.enroll(rows) == 2
    assert store.people.list_students() == [rows[1], rows[0]]
    assert store.people.list_students("B") == [rows[1]]
    assert store.read_info().students == 2


def test_what_a_roster_leaves_out_stays(store: Store) -> None:
    """A second roster changes what it tells; an empty cell takes nothing away; once more, it changes nothing."""
    store.people.enroll([Enrolment("ada", "Ada", "ada@example.org", "A", {"canvas": "1"})])
    store.people.enroll([Enrolment("ada", section="B", ids={"moodle": "77", "canvas": "9"})] * 2)
    assert store.people.list_students() == [
        Enrolment("ada", "Ada", "ada@example.org", "B", {"canvas": "9", "moodle": "77"})
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([Enrolment("ada", ids={"canvas": "1"}), Enrolment("bob", ids={"canvas": "1"})], "two students can't both be"),
        ([Enrolment("bob", ids={"canvas": "4711"})], "two students can't both be '4711' in canvas"),
        ([Enrolment("bob", ids={"Canvas!": "1"})], "is no id of another system"),
        ([Enrolment("bob", ids={"canvas": ""})], "is no id of another system"),
        ([Enrolment("")], "can't be the name of students"),
        ([Enrolment("bob", email="b" * 201)], "email"),
        ([Enrolment("bob", display_name="nul\0")], "display_name"),
    ],
)
def test_a_roster_is_taken_whole_or_not_at_all(store: Store, rows: list[Enrolment], says: str) -> None:
    """A row that can't be kept is one line, and of the good ones before it nothing is kept either."""
    store.people.enroll([Enrolment("eve", ids={"canvas": "4711"})])
    with pytest.raises(StoreError, match=says) as refusal:
        store.people.enroll([Enrolment("first"), *rows])
    assert str(refusal.value).isprintable()
    assert [one.student for one in store.people.list_students()] == ["eve"]


def test_large_rosters(store: Store) -> None:
    """More rows than a page, each once."""
    rows = [Enrolment(f"s{i:04}", f"Student {i}", ids={"canvas": str(i)}) for i in range(700)]
    assert store.people.enroll(iter(rows)) == 700
    assert store.people.list_students() == rows


def test_the_log_tells_who_did_what_when(database_url: str) -> None:
    """Of one student what concerns that student; the name is the one that the store was opened with."""
    before = datetime.now(UTC)
    with Store.open(database_url, "prof. eve") as store:
        store.people.enroll([Enrolment("ada"), Enrolment("bob")])
        store.people.extend("ada", "losses", datetime(2031, 5, 20, 22, 0, tzinfo=UTC), "was ill")
        store.people.extend("ada", "losses", None)
        events = store.history()
        mine = store.history("ada")
    assert [(e.who, e.what, e.student, e.detail) for e in events] == [
        ("prof. eve", "enrolled", None, "2 students"),
        ("prof. eve", "extended", "ada", "losses: until 2031-05-20 22:00:00 UTC"),
        ("prof. eve", "extended", "ada", "losses: taken back"),
    ]
    assert mine == events[1:]
    assert all(before <= e.at <= datetime.now(UTC) for e in events)


def test_nobody_unknown_is_given_time(store: Store) -> None:
    """A slip in a name makes no new student."""
    with pytest.raises(StoreError, match="there is no student 'adda'"):
        store.people.extend("adda", "losses", datetime(2031, 5, 20, tzinfo=UTC))
    assert store.read_info().students == 0


AT_ONCE = """
from grader.store import Enrolment
with Store.open(url) as store:
    for i in range(5):
        store.people.enroll([Enrolment(f"s{n}", ids={"canvas": str(n)}) for n in range(20)])
        store.record(f"s{i}", "losses", b"%d" % me, "a.py")
"""


def test_rosters_and_submissions_at_once(store: Store, at_once: Callable[[str, int], list[str]]) -> None:
    """Four processes enrol the same people while they hand in: everybody is there once."""
    at_once(AT_ONCE, 4)
    assert (store.read_info().students, store.read_info().submissions) == (20, 20)


def test_an_extension_can_be_looked_up(store: Store) -> None:
    """The latest one holds, for its student and exercise alone; none, once it is taken back."""
    until = datetime(2031, 5, 20, 22, 0, tzinfo=UTC)
    store.people.enroll([Enrolment("ada"), Enrolment("bob")])
    store.people.extend("ada", "losses", datetime(2031, 5, 1, tzinfo=UTC))
    store.people.extend("ada", "losses", until)
    assert store.people.find_extension("ada", "losses") == until
    assert store.people.find_extension("ada", "other") is None
    assert store.people.find_extension("bob", "losses") is None
    store.people.extend("ada", "losses", None)
    assert store.people.find_extension("ada", "losses") is None
