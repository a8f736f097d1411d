"""Adoption in both databases: a student gets another name and keeps everything; a name in use is refused."""

from datetime import timedelta

import pytest

from grader.core.errors import StoreError
from grader.store import Enrolment, Store


def test_everything_stays_with_the_student(store: Store) -> None:
    """Submissions, ids, extension and account are those of before; the log says who it was."""
    one = store.record("Ada Lovelace", "doubling", b"x = 1\n", "doubling.py")
    store.people.enroll([Enrolment("Ada Lovelace", ids={"canvas": "4711"})])
    store.people.extend("Ada Lovelace", "doubling", None)
    store.accounts.add("Ada Lovelace", "student", timedelta(days=1))
    rows = [Enrolment("a1", "Ada Lovelace", "ada@x.org"), Enrolment("b1", "Bob")]
    assert store.people.enroll(rows, {"Ada Lovelace": "a1"}) == 2
    assert [(x.id, x.student, x.number) for x in store.submissions()] == [(one.id, "a1", 1)]
    ada, _ = store.people.list_students()
    assert ada == Enrolment("a1", "Ada Lovelace", "ada@x.org", "", {"canvas": "4711", "former_name": "Ada Lovelace"})
    assert [x.name for x in store.accounts.list_all()] == ["a1"]
    assert "until now 'Ada Lovelace', known by name only" in [x.detail for x in store.history("a1")]


def test_a_former_name_stays_with_the_first_who_had_it(store: Store) -> None:
    """Another student of that name can be adopted, too, and gets no former name."""
    for student in ("a1", "a2"):
        store.record("Ada", "doubling", f"x = '{student}'\n".encode(), "doubling.py")
        store.people.enroll([Enrolment(student, "Ada Lovelace")], {"Ada": student})
    assert [dict(one.ids) for one in store.people.list_students()] == [{"former_name": "Ada"}, {}]


@pytest.mark.parametrize("taken", ["student", "account", "listed", "unknown"])
def test_a_name_in_use_is_refused(store: Store, taken: str) -> None:
    """Nothing is changed if the new name is another's, or the student is on a roster already or not on record."""
    if taken != "unknown":
        store.record("Ada", "doubling", b"x = 1\n", "doubling.py")
    if taken == "student":
        store.record("a1", "doubling", b"x = 2\n", "doubling.py")
    elif taken == "account":
        store.accounts.add("a1", "instructor", timedelta(days=1))
    elif taken == "listed":
        store.people.enroll([Enrolment("Ada", "Ada Lovelace")])
    before = store.people.list_students()
    with pytest.raises(StoreError):
        store.people.enroll([Enrolment("b1", "Bob")], {"Ada": "a1"})
    assert store.people.list_students() == before
