"""Marks: what they belong to, what they outlive, what waits for one."""

from dataclasses import replace

import pytest

from grader.core.errors import StoreError
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.policy import Policy
from grader.core.results.verdict import Verdict
from grader.store import NewMark, Store


def grading(version: str = "v1", *, why: float = 2.0, fault: bool = False) -> Grading:
    """Two points for `softmax`; `why` points of `why` wait for a person."""
    verdict = Verdict.GRADER_ERROR if fault else Verdict.PASSED
    softmax = QuestionResult("softmax", "code", (CheckResult("c", verdict, 0.0 if fault else 2.0, 2.0, False),))
    text = QuestionResult("why", "text", (CheckResult("r", Verdict.NOT_ATTEMPTED, 0.0, why, False, pending=why),))
    return Grading("losses", version, "0.1.0", "s1", "full", (softmax, text))


def hand_in(store: Store, student: str, data: bytes = b"1") -> int:
    """Records and grades an attempt; returns its id."""
    id = store.record(student, "losses", data, "a.py").id
    store.append(id, grading())
    return id


def waiting(store: Store) -> list[tuple[str, int, str]]:
    """Student, attempt and question of what waits and has no mark."""
    found = store.marks.list_to_mark()
    return [(one.submission.student, one.submission.number, one.question) for one in found if one.mark is None]


def score(store: Store, student: str) -> tuple[float, float]:
    """Score and pending points of the last attempt."""
    (found,) = store.scores({"losses": Policy()}, student)
    return found.score, found.pending


def test_a_mark_takes_a_question_off_the_queue(store: Store) -> None:
    """Its points count, nothing waits any more, and it comes back as it was given."""
    ada, bob = hand_in(store, "ada"), hand_in(store, "bob")
    assert waiting(store) == [("ada", 1, "why"), ("bob", 1, "why")]
    assert score(store, "ada") == (2.0, 2.0)
    assert store.marks.set_marks([NewMark(ada, "why", 1.5, "Good: \0 «it cancels»", ("names the sign",))]) == 1
    assert waiting(store) == [("bob", 1, "why")]
    assert score(store, "ada") == (3.5, 0.0)
    mark = store.marks.load([ada, bob])[ada]["why"]
    assert (mark.points, mark.max_points, mark.comment) == (1.5, 2.0, "Good: \ufffd «it cancels»")
    assert (mark.items, mark.at is not None) == (("names the sign",), True)
    assert [dict(one.marks) for one in store.iterate_graded()] == [{"why": mark}, {}]


def test_a_later_mark_stands_in_place_of_an_earlier_one(store: Store) -> None:
    """Nothing is overwritten: both are on record; one that says the same isn't appended; one can be taken back."""
    ada = hand_in(store, "ada")
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
    """A new grading changes what the checks give; the mark stays, also over what they gave for the same question."""
    ada = hand_in(store, "ada")
    store.marks.set_marks([NewMark(ada, "why", 1.5), NewMark(ada, "softmax", 1.0)])
    store.append(ada, grading("v2"))
    assert score(store, "ada") == (2.5, 0.0)
    store.append(ada, grading("v3", why=1.0))
    assert score(store, "ada") == (2.0, 0.0)


def test_a_new_attempt_proposes_the_old_mark(store: Store) -> None:
    """A mark belongs to the attempt that it was given for: the next waits anew, with the latest as a proposal."""
    first = hand_in(store, "ada", b"1")
    store.marks.set_marks([NewMark(first, "why", 1.0, "half of it")])
    hand_in(store, "ada", b"2")
    _, one = store.marks.list_to_mark()
    assert (one.submission.number, one.mark, one.proposed_by) == (2, None, 1)
    assert one.proposal is not None
    assert (one.proposal.points, one.proposal.comment) == (1.0, "half of it")
    assert score(store, "ada") == (2.0, 2.0)
    store.marks.set_marks([NewMark(one.submission.id, "why", 2.0)])
    assert [(w.submission.number, w.proposal) for w in store.marks.list_to_mark()] == [(1, None), (2, None)]
    third = hand_in(store, "ada", b"3")
    (one,) = store.marks.list_to_mark(ids=[third])
    assert one.proposed_by == 2
    assert waiting(store) == [("ada", 3, "why")]


def test_nobody_marks_what_we_failed_at(store: Store) -> None:
    """A grading with a fault of ours is graded again first."""
    ada = store.record("ada", "losses", b"1", "a.py").id
    store.append(ada, grading(fault=True))
    assert waiting(store) == []
    store.append(ada, grading())
    assert waiting(store) == [("ada", 1, "why")]


@pytest.mark.parametrize(
    ("marking", "says"),
    [
        (NewMark(1, "why", 2.5), "2.5 points can't be given: from 0 to 2"),
        (NewMark(1, "why", -1.0), "-1 points can't be given"),
        (NewMark(1, "why", float("nan")), "nan points can't be given"),
        (NewMark(1, "who", 1.0), "nothing that is graded has this question"),
        (NewMark(99, "why", 1.0), "nothing that is graded has this question"),
    ],
)
def test_marks_are_set_all_or_none(store: Store, marking: NewMark, says: str) -> None:
    """One that can't be given is one line, and the good one before it isn't set either."""
    assert (hand_in(store, "ada"), hand_in(store, "bob")) == (1, 2)
    with pytest.raises(StoreError, match=says) as refusal:
        store.marks.set_marks([NewMark(2, "why", 1.0), marking])
    assert str(refusal.value).isprintable()
    assert store.read_info().marks == 0


def test_pseudonyms_are_stable_and_tell_nothing(store: Store) -> None:
    """The same for the same name, another for another name or another database's secret."""
    names = [f"s{i}" for i in range(100)]
    hidden = [store.pseudonym(name) for name in names]
    assert hidden == [store.pseudonym(name) for name in names]
    assert len(set(hidden)) == 100
    assert not any(name in other for name, other in zip(names, hidden, strict=True))


def test_a_unreadable_attempt_has_no_questions(store: Store) -> None:
    """What could be read before and can't any more: its marks stay on record, and count for nothing."""
    ada = hand_in(store, "ada")
    store.marks.set_marks([NewMark(ada, "why", 1.0)])
    without = replace(grading("v2"), questions=grading().questions[:1])
    store.append(ada, without)
    assert score(store, "ada") == (2.0, 0.0)
