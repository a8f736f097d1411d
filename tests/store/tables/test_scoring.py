"""Tests of scores of a class: the database and the pure function agree."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.policy import Attempt, Policy, score_attempts
from grader.core.results.verdict import Verdict
from grader.store import NewMark, NewSubmission, Store
from tests.examples import example_count

DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOCK = (
    (DUE - timedelta(days=1), 2 * HOUR),
    (DUE + timedelta(minutes=5), HOUR),
    (DUE + timedelta(days=2), 2 * HOUR),
    (DUE + timedelta(days=3), HOUR),
)
MAX_POINTS = 4.0
"""Points of each of the two questions, `one` and `two`."""

QUARTERS = st.integers(0, 16).map(lambda n: n / 4)
LATE = st.builds(
    lambda days, rest: days * timedelta(days=1) + timedelta(microseconds=rest),
    st.integers(-2, 4),
    st.sampled_from([-1, 0, 1, 3_600_000_000, 3_600_000_001, -3_600_000_000, -3_599_999_999]),
)


@dataclass(frozen=True)
class PlannedAttempt:
    """An attempt as the test makes it: points per question from checks (None: grader error), and marks in order."""

    late: timedelta
    gradings: tuple[tuple[float | None, float | None], ...]
    marks: tuple[tuple[str, float | None], ...]

    def attempt(self, number: int) -> Attempt:
        """Return the expected Attempt, from the last grading and the last marks."""
        given = dict(zip(("one", "two"), self.gradings[-1], strict=True))
        marks = dict(self.marks)
        score = pending = 0.0
        for question, points in given.items():
            mark = marks.get(question)
            if mark is not None:
                score += mark
            elif points is None:
                pending += MAX_POINTS
            else:
                score += points
        return Attempt(number, DUE + self.late, score, 2 * MAX_POINTS, pending)


GRADINGS = st.lists(st.tuples(st.none() | QUARTERS, st.none() | QUARTERS), min_size=1, max_size=2).map(tuple)
MARKS = st.lists(st.tuples(st.sampled_from(["one", "two"]), st.none() | QUARTERS), max_size=3).map(tuple)
ATTEMPTS = st.lists(st.builds(PlannedAttempt, LATE, GRADINGS, MARKS), max_size=4)
EXTENSIONS = st.lists(st.none() | LATE, max_size=2)
POLICIES = st.builds(
    Policy,
    st.none() | st.just(DUE),
    st.sampled_from([timedelta(), timedelta(hours=1)]),
    st.sampled_from([0.0, 0.25, 0.3, 1.0]),
    st.none() | st.integers(1, 4),
    st.sampled_from(["best", "last"]),
    st.sampled_from([(), ((DUE, HOUR),), CLOCK, CLOCK[::2]]),
)


def _grading(points: Sequence[float | None], exercise: str) -> Grading:
    questions = []
    for name, earned in zip(("one", "two"), points, strict=True):
        verdict = Verdict.GRADER_ERROR if earned is None else Verdict.PASSED
        questions.append(QuestionResult(name, "code", (CheckResult("c", verdict, earned or 0.0, MAX_POINTS, False),)))
    return Grading(exercise, "v", "g", "s", "full", tuple(questions))


Work = tuple[list[PlannedAttempt], list[timedelta | None]]
"""A student's attempts at an exercise, and the extensions given for it, in order."""


def _record(store: Store, student: str, exercise: str, work: Work) -> None:
    made, extensions = work
    hand_ins = [NewSubmission(student, exercise, b"%d" % i, "a.py", DUE + one.late) for i, one in enumerate(made)]
    for recorded, one in zip(store.record_many(hand_ins), made, strict=True):
        store.append_many((recorded.id, _grading(points, exercise)) for points in one.gradings)
        for question, points in one.marks:
            store.marks.set_marks([NewMark(recorded.id, question, points)])
    for extension in extensions if made else ():
        store.people.extend(student, exercise, None if extension is None else DUE + extension)


@pytest.fixture
def names() -> Iterator[str]:
    """Yield names that are unused in this database."""
    return (f"name{i}" for i in itertools.count())


@settings(
    max_examples=example_count(0.2),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(ATTEMPTS, EXTENSIONS), min_size=1, max_size=3), POLICIES)
def test_the_database_agrees_with_the_pure_function(
    store: Store, names: Iterator[str], works: list[Work], policy: Policy
) -> None:
    """Any submissions, regrades, marks and extensions give the same score of the same attempt.

    The data that the store gives to the pure function are those that were recorded.
    """
    exercise = next(names)
    for i, work in enumerate(works):
        _record(store, f"s{i}", exercise, work)
    scores = {score.student: score for score in store.scores({exercise: policy})}
    handed = {one.student: one for one in store.attempts({exercise: policy})}
    assert set(scores) == set(handed) == {f"s{i}" for i, (made, _) in enumerate(works) if made}
    for i, (made, extensions) in enumerate(works):
        if not made:
            continue
        attempts = tuple(one.attempt(number) for number, one in enumerate(made, 1))
        last = extensions[-1] if extensions else None
        extension = None if last is None else DUE + last
        sheet = score_attempts(policy, attempts, extension)
        score, counted = scores[f"s{i}"], sheet.counted_attempt
        assert counted is not None
        assert (handed[f"s{i}"].attempts, handed[f"s{i}"].extension) == (attempts, extension)
        assert (score.score, score.max_score, score.pending) == (sheet.score, sheet.max_score, sheet.pending)
        assert (score.number, score.days, score.late_factor) == (
            counted.attempt.number,
            counted.days,
            counted.late_factor,
        )
        assert score.points == counted.attempt.score
        assert score.attempts == sum(one.within_limit for one in sheet.attempts)


def test_scores_of_one_student_and_of_several_exercises(store: Store) -> None:
    """Each exercise is scored by its own rules; others are absent; ungraded work has no score yet."""
    work: Work = ([PlannedAttempt(timedelta(days=1), ((1.0, 2.0),), ())], [])
    for student in ("bob", "ada"):
        for exercise in ("first", "second", "third"):
            _record(store, student, exercise, work)
    store.record("cleo", "first", b"1", "a.py")
    rules = {"second": Policy(DUE, late_penalty=0.5), "first": Policy(DUE)}
    found = [(s.student, s.exercise, s.score) for s in store.scores(rules)]
    assert found == [("ada", "first", 3.0), ("ada", "second", 1.5), ("bob", "first", 3.0), ("bob", "second", 1.5)]
    assert [(s.student, s.exercise) for s in store.scores(rules, "bob")] == [("bob", "first"), ("bob", "second")]
    assert store.scores({}) == store.scores(rules, "nobody") == []
    assert store.attempts({}) == []


def test_a_mark_is_capped_at_its_questions_points(store: Store) -> None:
    """If the course later reduced a question's points, the mark stays and counts as full marks."""
    id = store.record("ada", "losses", b"1", "a.py").id
    store.append(id, _grading((1.0, 1.0), "losses"))
    store.marks.set_marks([NewMark(id, "one", 4.0)])
    check = CheckResult("c", Verdict.PASSED, 1.5, 1.5, False)
    store.append(id, Grading("losses", "v2", "g", "s", "full", (QuestionResult("one", "code", (check,)),)))
    (score,) = store.scores({"losses": Policy()})
    assert (score.score, score.max_score) == (1.5, 1.5)
    assert store.marks.load([id])[id]["one"].points == 4.0
