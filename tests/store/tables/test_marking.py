"""Tests of marks: the attempt that they belong to, regrades, and the questions that wait for one.

Covers `store/tables/marks.py` and `store/tables/current_marks.py`.
"""

from dataclasses import replace

import pytest

from grader.core.errors import StoreError
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.policy import Policy
from grader.core.results.verdict import Verdict
from grader.store import NewMark, Store


def grading(version: str = "v1", *, why: float = 2.0, fault: bool = False) -> Grading:
    """Return a grading with two points for `softmax`, and `why` points of `why` that wait for a person."""
    verdict = Verdict.GRADER_ERROR if fault else Verdict.PASSED
    softmax = QuestionResult("softmax", "code", (CheckResult("c", verdict, 0.0 if fault else 2.0, 2.0, False),))
    text = QuestionResult("why", "text", (CheckResult("r", Verdict.NOT_ATTEMPTED, 0.0, why, False, pending=why),))
    return Grading("losses", version, "0.1.0", "s1", "full", (softmax, text))


def submit(store: Store, student: str, data: bytes = b"1") -> int:
    """Record and grade an attempt; return its id."""
    id = store.record(student, "losses", data, "a.py").id
    store.append(id, grading())
    return id


def waiting(store: Store) -> list[tuple[str, int, str]]:
    """Return student, attempt and question of those that wait and have no mark."""
    found = store.marks.list_to_mark()
    return [(one.submission.student, one.submission.number, one.question) for one in found if one.mark is None]


def score(store: Store, student: str) -> tuple[float, float]:
    """Return score and pending points of the last attempt."""
    (found,) = store.scores({"losses": Policy()}, student)
    return found.score, found.pending


def test_a_marked_question_no_longer_waits(store: Store) -> None:
    """Its points count, nothing waits any more, and the mark is read back as given."""
    ada, bob = submit(store, "ada"), submit(store, "bob")
    assert waiting(store) == [("ada", 1, "why"), ("bob", 1, "why")]
    assert score(store, "ada") == (2.0, 2.0)
    assert store.marks.set_marks([NewMark(ada, "why", 1.5, "Good: \0 «it cancels»", ("names the sign",))]) == 1
    assert waiting(store) == [("bob", 1, "why")]
    assert score(store, "ada") == (3.5, 0.0)
    mark = store.marks.load([ada, bob])[ada]["why"]
    assert (mark.points, mark.max_points, mark.comment) == (1.5, 2.0, "Good: \ufffd «it cancels»")
    assert (mark.items, mark.at is not None) == (("names the sign",), True)
    assert [dict(one.marks) for one in store.iterate_graded()] == [{"why": mark}, {}]


def test_a_later_mark_replaces_an_earlier_one(store: Store) -> None:
    """Both marks stay on record; an equal one isn't appended; a mark can be withdrawn."""
    ada = submit(store, "ada")
    changed = [
        store.marks.set_marks([NewMark(ada, "why", points, comment)])
        for points, comment in ((1.0, ""), (1.0, ""), (1.0, "so"), (0.5, "so"), (None, ""), (None, ""))
    ]
    assert changed == [1, 0, 1, 1, 1, 0]
    assert store.read_info().marks == 4
    assert store.marks.load([ada]) == {}
    assert score(store, "ada") == (2.0, 2.0)
    assert [event.detail for event in store.history("ada")] == [
        f"submission {ada}: why: {said}" for said in ("1", "1", "0.5", "taken back")
    ]


def test_a_mark_outlives_regrades(store: Store) -> None:
    """A new grading changes the checks' points; the mark stays, and replaces them for its question."""
    ada = submit(store, "ada")
    store.marks.set_marks([NewMark(ada, "why", 1.5), NewMark(ada, "softmax", 1.0)])
    store.append(ada, grading("v2"))
    assert score(store, "ada") == (2.5, 0.0)
    store.append(ada, grading("v3", why=1.0))
    assert score(store, "ada") == (2.0, 0.0)


def test_a_new_attempt_proposes_the_old_mark(store: Store) -> None:
    """A mark belongs to its attempt: the next attempt waits, with the latest mark as a proposal."""
    first = submit(store, "ada", b"1")
    store.marks.set_marks([NewMark(first, "why", 1.0, "half of it")])
    submit(store, "ada", b"2")
    _, one = store.marks.list_to_mark()
    assert (one.submission.number, one.mark, one.proposed_by) == (2, None, 1)
    assert one.proposal is not None
    assert (one.proposal.points, one.proposal.comment) == (1.0, "half of it")
    assert score(store, "ada") == (2.0, 2.0)
    store.marks.set_marks([NewMark(one.submission.id, "why", 2.0)])
    assert [(w.submission.number, w.proposal) for w in store.marks.list_to_mark()] == [(1, None), (2, None)]
    third = submit(store, "ada", b"3")
    (one,) = store.marks.list_to_mark(ids=[third])
    assert one.proposed_by == 2
    assert waiting(store) == [("ada", 3, "why")]


def test_a_grading_with_a_grader_error_is_not_marked(store: Store) -> None:
    """A grading with a grader error is repeated first."""
    ada = store.record("ada", "losses", b"1", "a.py").id
    store.append(ada, grading(fault=True))
    assert waiting(store) == []
    store.append(ada, grading())
    assert waiting(store) == [("ada", 1, "why")]


@pytest.mark.parametrize(
    ("marking", "says"),
    [
        (NewMark(1, "why", 2.5), "2.5 points are out of range: give 0 to 2"),
        (NewMark(1, "why", -1.0), "-1 points are out of range"),
        (NewMark(1, "why", float("nan")), "nan points are out of range"),
        (NewMark(1, "who", 1.0), "no graded submission has this question"),
        (NewMark(99, "why", 1.0), "no graded submission has this question"),
    ],
)
def test_marks_are_set_all_or_none(store: Store, marking: NewMark, says: str) -> None:
    """An invalid mark gives one line, and the valid one before it isn't set either."""
    assert (submit(store, "ada"), submit(store, "bob")) == (1, 2)
    with pytest.raises(StoreError, match=says) as refusal:
        store.marks.set_marks([NewMark(2, "why", 1.0), marking])
    assert str(refusal.value).isprintable()
    assert store.read_info().marks == 0


def test_pseudonyms_are_stable_and_anonymous(store: Store) -> None:
    """A pseudonym depends on the name and the database's secret only."""
    names = [f"s{i}" for i in range(100)]
    hidden = [store.pseudonym(name) for name in names]
    assert hidden == [store.pseudonym(name) for name in names]
    assert len(set(hidden)) == 100
    assert not any(name in other for name, other in zip(names, hidden, strict=True))


def test_an_unreadable_attempt_has_no_questions(store: Store) -> None:
    """Marks of an attempt that became unreadable stay on record, and don't count."""
    ada = submit(store, "ada")
    store.marks.set_marks([NewMark(ada, "why", 1.0)])
    without = replace(grading("v2"), questions=grading().questions[:1])
    store.append(ada, without)
    assert score(store, "ada") == (2.0, 0.0)
