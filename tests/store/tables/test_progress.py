"""Tests of the fast queries: they agree with the complete ones, on both kinds of database."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from grader.core.results.policy import Policy
from grader.store import Store, SubmissionFilter, UnreadableResult

RULES = {"losses": Policy(), "layers": Policy()}


@pytest.fixture
def records(database_url: str) -> Iterator[Store]:
    """Yield empty records."""
    with Store.open(database_url) as opened:
        yield opened


def _unreadable(store: Store, id: int) -> None:
    store.append(id, UnreadableResult("no notebook", "v", "g", "s", 4.0))


def test_work_is_one_students_submissions(records: Store) -> None:
    """Work includes the latest results and extensions of this student alone, in either spelling."""
    first = records.record("zo\u00eb", "losses", b"1", "a.py").id
    second = records.record("zo\u00eb", "losses", b"2", "a.py").id
    records.record("ada", "losses", b"3", "a.py")
    _unreadable(records, first)
    until = datetime(2031, 1, 1, tzinfo=UTC)
    records.people.extend("zo\u00eb", "layers", until)
    records.people.extend("zo\u00eb", "losses", until)
    records.people.extend("zo\u00eb", "losses", None)
    work = records.progress.load_student_work(RULES, "zoe\u0308")
    assert [one.submission for one in work.submissions] == list(records.submissions(student="zo\u00eb"))
    assert [one.grading.error if one.grading else None for one in work.submissions] == ["no notebook", None]
    assert list(work.attempts) == records.attempts(RULES, "zo\u00eb")
    assert work.extensions == {"layers": until, "losses": None}
    assert records.progress.load_student_work(RULES, "nobody").submissions == ()
    assert [one.submission.id for one in records.progress.load_submissions([second, first])] == [first, second]


def test_an_ungraded_attempt_is_found(records: Store) -> None:
    """Ungraded attempts are found by student, exercise and number, new gradings by id."""
    id = records.record("ada", "losses", b"1", "a.py").id
    assert records.progress.find_ungraded("ada", "losses", 1) == id
    assert records.progress.find_ungraded("ada", "losses", 2) is None
    assert records.progress.find_ungraded("ada", "layers", 1) is None
    seen = records.progress.read_version().gradings
    assert records.progress.list_graded_after(seen) == []
    _unreadable(records, id)
    assert records.progress.find_ungraded("ada", "losses", 1) is None
    ((grading, submission),) = records.progress.list_graded_after(seen)
    assert submission == id
    assert records.progress.read_version().gradings == grading


def test_the_newest_are_counted_and_listed(records: Store) -> None:
    """All or waiting submissions by exercise and student are counted; the newest come first, up to the limit."""
    ids = [records.record(f"s{n % 3}", "losses", b"%d" % n, "a.py").id for n in range(6)]
    _unreadable(records, ids[5])
    count, newest = records.progress.load_newest(2, SubmissionFilter())
    assert (count, [one.submission.id for one in newest]) == (6, [ids[5], ids[4]])
    count, newest = records.progress.load_newest(9, SubmissionFilter("losses", "s2"), "waiting")
    assert (count, [one.submission.id for one in newest]) == (1, [ids[2]])
    assert records.progress.load_newest(9, SubmissionFilter("layers")) == (0, [])


def test_the_version_changes_with_every_record(records: Store) -> None:
    """Submissions, gradings and actions of people change the version; reading doesn't."""
    states = [records.progress.read_version()]
    id = records.record("ada", "losses", b"1", "a.py").id
    states.append(records.progress.read_version())
    _unreadable(records, id)
    states.append(records.progress.read_version())
    records.people.extend("ada", "losses", datetime(2031, 1, 1, tzinfo=UTC))
    states.append(records.progress.read_version())
    list(records.iterate_graded())
    assert records.progress.read_version() == states[-1]
    records.erase("ada")
    states.append(records.progress.read_version())
    assert len(set(states)) == len(states)
    assert states[1].newest_act_ids != states[3].newest_act_ids
