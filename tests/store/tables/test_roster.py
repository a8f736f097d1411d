"""Tests of rosters, ids in other systems, extensions, and the log.

Covers `store/tables/people.py`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from grader.core.errors import StoreError
from grader.store import Enrolment, Store


def test_a_roster_extends_the_students(store: Store) -> None:
    """Students with submissions keep their records; others are added; sorted by name."""
    store.record("bob", "losses", b"1", "a.py")
    rows = [
        Enrolment("bob", "Bob Ross", "bob@example.org", "A", {"canvas": "2", "moodle": "77"}),
        Enrolment("ada", "Ada Lovelace", section="B", ids={"canvas": "1"}),
    ]
    assert store.people.enroll(rows) == 2
    assert store.people.list_students() == [rows[1], rows[0]]
    assert store.people.list_students("B") == [rows[1]]
    assert store.read_info().students == 2


def test_empty_cells_change_nothing(store: Store) -> None:
    """A second roster changes the given fields; an empty cell removes nothing; repetition changes nothing."""
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
        ([Enrolment("bob", ids={"Canvas!": "1"})], "is not an id of another system"),
        ([Enrolment("bob", ids={"canvas": ""})], "is not an id of another system"),
        ([Enrolment("")], "can't be the name of students"),
        ([Enrolment("bob", email="b" * 201)], "email"),
        ([Enrolment("bob", display_name="nul\0")], "display_name"),
    ],
)
def test_a_roster_is_recorded_all_or_none(store: Store, rows: list[Enrolment], says: str) -> None:
    """An invalid row gives one line, and the valid ones before it aren't recorded either."""
    store.people.enroll([Enrolment("eve", ids={"canvas": "4711"})])
    with pytest.raises(StoreError, match=says) as refusal:
        store.people.enroll([Enrolment("first"), *rows])
    assert str(refusal.value).isprintable()
    assert [one.student for one in store.people.list_students()] == ["eve"]


def test_large_rosters(store: Store) -> None:
    """More rows than a page are each recorded once."""
    rows = [Enrolment(f"s{i:04}", f"Student {i}", ids={"canvas": str(i)}) for i in range(700)]
    assert store.people.enroll(iter(rows)) == 700
    assert store.people.list_students() == rows


def test_the_log_has_user_action_and_time(database_url: str) -> None:
    """A student's log has that student's events; the user is the one given when opening the store."""
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


def test_an_unknown_student_gets_no_extension(store: Store) -> None:
    """A misspelt name creates no student."""
    with pytest.raises(StoreError, match="the student 'adda' is not in the records"):
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
    """Four processes enrol the same students while they submit: each is recorded once."""
    at_once(AT_ONCE, 4)
    assert (store.read_info().students, store.read_info().submissions) == (20, 20)


def test_an_extension_can_be_found(store: Store) -> None:
    """The latest one counts, for its student and exercise alone; there is none after a withdrawal."""
    until = datetime(2031, 5, 20, 22, 0, tzinfo=UTC)
    store.people.enroll([Enrolment("ada"), Enrolment("bob")])
    store.people.extend("ada", "losses", datetime(2031, 5, 1, tzinfo=UTC))
    store.people.extend("ada", "losses", until)
    assert store.people.find_extension("ada", "losses") == until
    assert store.people.find_extension("ada", "other") is None
    assert store.people.find_extension("bob", "losses") is None
    store.people.extend("ada", "losses", None)
    assert store.people.find_extension("ada", "losses") is None
