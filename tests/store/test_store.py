"""Tests of appending gradings, and reading them back.

Covers `store/__init__.py`, `store/secret.py`, `store/tables/gradings.py`, `store/tables/grading_rows.py` and
`store/records.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from grader.core.errors import StoreError
from grader.core.judging.reference_data import fingerprint_secret
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.policy import Policy
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo
from grader.store import Enrolment, NewSubmission, Store, UnreadableResult
from grader.store.db.engine import Database
from grader.store.tables import grading_rows

Make = Callable[..., Grading]


def _submit(store: Store, *students: str, exercise: str = "losses") -> list[int]:
    return [store.record(student, exercise, b"1", "a.py").id for student in students]


def test_a_grading_is_read_back_unchanged(store: Store, make_grading: Make) -> None:
    """Every field is equal: mismatches, exceptions, remarks, questions without checks."""
    (id,) = _submit(store, "ada")
    store.append(id, make_grading())
    (graded,) = store.iterate_graded()
    assert graded.result == make_grading()
    assert (graded.submission.student, graded.submission.number) == ("ada", 1)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_RAISED = st.builds(ExceptionInfo, _TEXT, _TEXT, _TEXT, st.none() | st.integers(1, 99), _TEXT)


@given(
    st.lists(st.builds(CellRun, _TEXT, raised=st.none() | _RAISED, printed=_TEXT), max_size=3),
    st.lists(st.builds(CheckResult, _TEXT, st.sampled_from(Verdict), st.floats(0, 9), st.floats(9, 99), st.booleans())),
)
def test_rows_and_gradings_convert_losslessly(cells: list[CellRun], checks: list[CheckResult]) -> None:
    """Any grading is unchanged after conversion to rows and back."""
    grading = Grading("e", "v", "g", "s", "full", (QuestionResult("q", "code", tuple(checks)),), tuple(cells))
    row = grading_rows.make_grading_row(1, grading, datetime.now(UTC))
    results = [
        dict(zip(grading_rows.RESULT_COLUMNS, one, strict=True)) for one in grading_rows.make_result_rows(1, grading)
    ]
    assert grading_rows.build_grading("e", row, results) == grading


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("\\u0000 \\\0", "\\u0000 \\\ufffd"),
        ("NaN \u2028 '\"", "NaN \u2028 '\""),
    ],
)
def test_hostile_text_is_valid_json_for_postgresql(store: Store, database: Database, said: str, kept: str) -> None:
    """Text of a student's code can't break the JSON: only half characters and U+0000 are replaced."""
    (id,) = _submit(store, "ada")
    check = CheckResult("c", Verdict.RUNTIME_ERROR, 0.0, 1.0, False, reason=ExceptionInfo("E", said))
    store.append(id, Grading("losses", "v", "g", "s", "full", (QuestionResult("q", "code", (check,)),)))
    (graded,) = store.iterate_graded()
    assert isinstance(graded.result, Grading)
    raised = graded.result.questions[0].checks[0].reason
    assert isinstance(raised, ExceptionInfo)
    assert raised.message == kept
    if database.dialect == "postgresql":
        with database.read() as connection:
            sql = text("SELECT detail::jsonb -> 'raised' ->> 'message' FROM results")
            assert connection.scalar(sql) == kept


def test_an_unreadable_submission_has_its_reason_recorded(store: Store) -> None:
    """It isn't graded again, except by another version."""
    (id,) = _submit(store, "ada")
    found = UnreadableResult("not JSON", "v1", "0.1.0", "s1", max_score=3.0)
    store.append(id, found)
    assert [graded.result for graded in store.iterate_graded()] == [found]
    assert list(store.iterate_ungraded()) == list(store.iterate_outdated("v1", "0.1.0", "s1")) == []
    assert [submission.id for submission in store.iterate_outdated("v2", "0.1.0", "s1")] == [id]


def test_ungraded_submissions_follow_from_the_records(store: Store, make_grading: Make) -> None:
    """Ungraded are those without a grading, or with a grader error in the latest one, of any version."""
    ada, bob = _submit(store, "ada", "bob")

    def waiting() -> list[int]:
        return [submission.id for submission in store.iterate_ungraded()]

    assert waiting() == [ada, bob]
    store.append(ada, make_grading())
    assert waiting() == [bob]
    store.append(bob, make_grading(fault=True))
    assert waiting() == [bob]
    store.append_many([(ada, make_grading("v2")), (bob, make_grading())])
    assert waiting() == []
    store.append(ada, make_grading("v3", fault=True))
    assert waiting() == [ada]


def test_outdated_submissions_follow_from_the_records(store: Store, make_grading: Make) -> None:
    """Outdated are ungraded ones, and those whose latest grading has another version or seed."""
    ada, bob = _submit(store, "ada", "bob")

    def waiting(version: str = "v1", grader: str = "0.1.0", seed: str = "s1") -> list[int]:
        return [submission.id for submission in store.iterate_outdated(version, grader, seed)]

    assert waiting() == [ada, bob]
    store.append(ada, make_grading())
    assert waiting() == [bob]
    assert waiting("v2") == waiting(grader="0.2.0") == waiting(seed="s2") == [ada, bob]
    store.append(bob, make_grading(fault=True))
    assert waiting() == [bob]
    store.append_many([(ada, make_grading("v2")), (bob, make_grading())])
    assert waiting() == [ada]
    assert [s.id for s in store.iterate_outdated("v3", "0.1.0", "s1", student="bob")] == [bob]
    assert [graded.result for graded in store.iterate_graded()] == [make_grading("v2"), make_grading()]


def test_reads_can_be_filtered(store: Store, make_grading: Make) -> None:
    """A filter selects an exercise, a student, or certain submissions; without a match the result is empty."""
    losses = _submit(store, "ada", "bob")
    overview = _submit(store, "ada", "bob", exercise="overview")
    assert [s.id for s in store.iterate_ungraded(exercise="overview")] == overview
    assert [s.id for s in store.iterate_ungraded(student="bob")] == [losses[1], overview[1]]
    assert [s.id for s in store.iterate_ungraded(ids=[overview[0], losses[0], 99])] == [losses[0], overview[0]]
    assert list(store.iterate_ungraded(student="nul\0")) == list(store.iterate_ungraded(ids=[])) == []
    store.append_many((id, make_grading(exercise="overview")) for id in overview)
    assert [g.submission.student for g in store.iterate_graded(exercise="overview")] == ["ada", "bob"]
    assert [g.submission.id for g in store.iterate_graded(student="ada")] == [overview[0]]
    assert [g.submission.id for g in store.iterate_graded(ids=overview[1:])] == [overview[1]]


def test_gradings_can_be_appended_while_the_ungraded_are_read(store: Store, make_grading: Make) -> None:
    """Each submission is returned exactly once, over several pages."""
    ids = [r.id for r in store.record_many(NewSubmission(f"s{i}", "losses", b"1", "a.py") for i in range(450))]
    seen = []
    for submission in store.iterate_ungraded():
        store.append(submission.id, make_grading())
        seen.append(submission.id)
    assert seen == ids == [graded.submission.id for graded in store.iterate_graded()]


@pytest.mark.parametrize("wrong", ["unknown", "other exercise", "earns for our fault"])
def test_a_batch_is_appended_all_or_none(store: Store, make_grading: Make, wrong: str) -> None:
    """An invalid grading is refused, and the valid one before it isn't recorded either."""
    (id,) = _submit(store, "ada")
    bad = {
        "unknown": (99, make_grading()),
        "other exercise": (id, make_grading(exercise="overview")),
        "earns for our fault": (id, _paid_fault(make_grading())),
    }[wrong]
    with pytest.raises(StoreError) as refusal:
        store.append_many([(id, make_grading()), bad])
    assert "\n" not in str(refusal.value)
    assert store.read_info().gradings == store.read_info().results == 0


def _paid_fault(grading: Grading) -> Grading:
    check = CheckResult("ours", Verdict.GRADER_ERROR, 1.0, 1.0, False)
    return replace(grading, questions=(replace(grading.questions[0], checks=(check,)),))


def test_scores_and_mistakes_can_be_queried_in_sql(store: Store, database: Database, make_grading: Make) -> None:
    """Points, verdicts and mistakes are columns."""
    store.append_many((id, make_grading()) for id in _submit(store, "ada", "bob"))
    with database.read() as connection:
        mistakes = "SELECT mistake, count(*) FROM results WHERE verdict = 'wrong_answer' GROUP BY mistake"
        assert connection.execute(text(mistakes)).all() == [("whole_batch", 2)]
        assert connection.execute(text("SELECT sum(score), sum(max_score) FROM gradings")).all() == [(4.0, 6.0)]


def test_several_processes_append_at_once(store: Store, at_once: Callable[[str, int], list[str]]) -> None:
    """Four processes record and append: none is locked out, and nothing is lost."""
    at_once(APPENDING, 4)
    assert store.read_info().gradings == store.read_info().submissions == 4 * 8
    assert len(list(store.iterate_graded())) == 32


APPENDING = """
from grader.store import UnreadableResult
with Store.open(url) as store:
    for i in range(8):
        id = store.record(f"s{me}", "losses", b"%d" % i, "a.py").id
        assert id in {submission.id for submission in store.iterate_ungraded()}
        store.append(id, UnreadableResult("no", "v", "g", "s"))
"""


def test_the_secret_is_made_once(at_once: Callable[[str, int], list[str]], database_url: str) -> None:
    """Four processes that open a new database at the same time get the same 32 random bytes."""
    secrets = at_once("print(Store.open(url).secret().hex())", 4)
    assert len(set(secrets)) == 1
    with Store.open(database_url) as store:
        assert secrets[0].strip() == store.secret().hex()
        assert len(store.secret()) == 32


def test_the_fingerprint_is_the_same_in_gradings(store: Store) -> None:
    """The database's fingerprint of its secret is the one in gradings, and not a part of the secret."""
    secret = store.secret()
    assert store.seed() == fingerprint_secret(secret)
    assert store.seed() not in secret.hex()


def test_a_name_is_one_student_however_it_is_typed(store: Store, make_grading: Make) -> None:
    """Composed or not, a name is one student, found by either spelling, with equal bytes stored once."""
    composed, apart = "Jos\u00e9", "Jose\u0301"
    policies = {"losses": Policy()}
    first, again, second = store.record_many(
        NewSubmission(name, "losses", data, "a.py") for name, data in ((apart, b"1"), (composed, b"1"), (apart, b"2"))
    )
    assert (first.id, again.is_new, second.number) == (again.id, False, 2)
    store.append(second.id, make_grading())
    assert store.people.enroll([Enrolment(apart, email="j@x.org"), Enrolment(composed, section="A")]) == 2
    (known,) = store.people.list_students()
    assert (known.student, known.email, known.section) == (composed, "j@x.org", "A")
    for name in (composed, apart):
        assert len(list(store.submissions(student=name))) == 2
        assert [one.student for one in store.scores(policies, name)] == [composed]
        assert len(list(store.iterate_graded(student=name))) == 1
        store.people.extend(name, "losses", datetime(2031, 1, 1, tzinfo=UTC))
    assert len(store.history(apart)) == 2
    assert store.erase(apart).submissions == 2
    assert store.people.list_students() == []
