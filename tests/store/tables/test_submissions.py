"""Tests of recording submissions."""

import hashlib
from collections.abc import Callable

import pytest

from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.core.results.policy import Policy
from grader.store import NewSubmission, RecordedSubmission, Store


def test_attempts_are_numbered_per_student_and_exercise(store: Store) -> None:
    """Other bytes are the next attempt; another exercise or student starts at 1."""
    hand_ins = [("ada", "losses", b"1"), ("ada", "losses", b"2"), ("ada", "overview", b"1"), ("bob", "losses", b"1")]
    numbers = [store.record(student, exercise, data, "a.py").number for student, exercise, data in hand_ins]
    assert numbers == [1, 2, 1, 1]


def test_the_same_bytes_again_are_the_same_submission(store: Store) -> None:
    """Nothing is added, even under another file name or after other bytes."""
    first = store.record("ada", "losses", b"1", "losses.ipynb")
    second = store.record("ada", "losses", b"2", "losses.ipynb")
    assert store.record("ada", "losses", b"1", "losses (1).ipynb") == RecordedSubmission(first.id, 1, is_new=False)
    assert (second.number, second.is_new) == (2, True)
    assert store.read_info().submissions == 2


def test_a_list_is_recorded_like_single_submissions(store: Store) -> None:
    """Order, numbers and duplicates are as in single recordings; equal bytes are stored once."""
    hand_ins = [NewSubmission(f"s{i % 300}", "losses", b"%d" % (i % 400), "a.py") for i in range(900)]
    recorded = store.record_many(hand_ins)
    seen: dict[str, list[bytes]] = {}
    for hand_in, got in zip(hand_ins, recorded, strict=True):
        before = seen.setdefault(hand_in.student, [])
        assert got.is_new == (hand_in.data not in before)
        if got.is_new:
            before.append(hand_in.data)
        assert got.number == before.index(hand_in.data) + 1
        assert store.read_content(got.id) == hand_in.data or got.id % 50
    assert store.read_info().blobs == 400


def test_a_list_is_recorded_all_or_none(store: Store) -> None:
    """An invalid name late in the list leaves nothing behind."""
    hand_ins = [NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(300)]
    with pytest.raises(StoreError, match="can't be the name of students"):
        store.record_many([*hand_ins, NewSubmission("", "losses", b"1", "a.py")])
    assert store.read_info().students == 0
    assert store.record_many([]) == []


@pytest.mark.parametrize("name", ["", "a" * 201, "nul\0", "half \ud800"])
def test_an_invalid_name_is_refused(store: Store, name: str) -> None:
    """An empty or long name, U+0000 or half a character gives one line, and nothing is recorded."""
    for student, exercise in ((name, "losses"), ("ada", name)):
        with pytest.raises(StoreError, match="can't be the name of") as refusal:
            store.record(student, exercise, b"1", "a.py")
        assert str(refusal.value).isprintable()
    assert store.read_info().students == 0


def test_a_hostile_file_name_is_made_storable(store: Store) -> None:
    """Invalid Unicode is replaced; the rest stays, quotes and line breaks included."""
    store.record("ada", "losses", b"1", "a'); DROP\n\0\udcff 日本語.ipynb")
    (submission,) = store.iterate_ungraded()
    assert submission.file_name == "a'); DROP\n\ufffd\ufffd 日本語.ipynb"


@pytest.mark.parametrize("data", [b"", b"\0\xff" * 10, b"line\r\n" * 50_000])
def test_bytes_are_read_back_unchanged(store: Store, data: bytes) -> None:
    """Bytes are read back unchanged, with their size and hash."""
    id = store.record("ada", "losses", data, "a.py").id
    (submission,) = store.iterate_ungraded()
    assert store.read_content(id) == data
    assert (submission.size, submission.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    with pytest.raises(StoreError, match="has no submission 99"):
        store.read_content(99)


AT_ONCE = """
with Store.open(url) as store:
    for i in range(10):
        store.record("ada", "losses", b"shared %d" % i, "a.py")
        store.record("ada", "losses", b"%d of %d" % (i, me), "a.py")
        store.record("student %d" % i, "losses", b"1", "a.py")
"""


def test_several_processes_record_each_submission_once(store: Store, at_once: Callable[[str, int], list[str]]) -> None:
    """Four processes, some with equal bytes, record every submission once, without gaps in the numbers."""
    at_once(AT_ONCE, 4)
    numbers = [s.number for s in store.iterate_ungraded(student="ada")]
    assert sorted(numbers) == list(range(1, 51))
    assert store.read_info().submissions == 60
    assert store.read_info().students == 11


def test_submissions_that_complete_a_set_are_one_attempt(store: Store) -> None:
    """Of the submissions of one attempt the last one counts; the next attempt has the next number."""
    for data, completes in ((b"1", None), (b"2", 1), (b"3", 2), (b"4", None), (b"5", 4)):
        store.record_one(NewSubmission("ada", "losses", data, "losses.zip", completes=completes))
    assert [one.attempt for one in store.submissions()] == [1, 1, 1, 2, 2]
    grading = Grading("losses", "v", "g", "s", "full", ())
    store.append_many((one.id, grading) for one in store.submissions())
    (attempts,) = store.attempts({"losses": Policy(attempts=1)})
    assert [(one.number, one.place) for one in attempts.attempts] == [(3, 1), (5, 2)]
    (score,) = store.scores({"losses": Policy(attempts=1)})
    assert (score.number, score.attempts) == (3, 1)
