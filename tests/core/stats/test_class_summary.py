"""The statistics of a class are computed from its reports alone.

Covers `core/stats/class_stats.py`.
"""

import random
import statistics
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from grader.core.report.check_report import CheckReport
from grader.core.report.mistake_offer import MendingEdit
from grader.core.report.report import QuestionReport, Report, build_error_report
from grader.core.results.policy import Attempt, Policy, score_attempts
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import Enrollment, ReportLocation
from grader.core.stats.class_summary import DISTRIBUTION_BINS, summarize_class


def question(name: str, *verdicts: Verdict, mistake: str | None = None) -> QuestionReport:
    """Return a question with a check of one point per verdict."""
    checks = tuple(
        CheckReport(f"c{i}", "", v, float(v is Verdict.PASSED), 1.0, False, "", mistake, mistake and f"not {mistake}")
        for i, v in enumerate(verdicts)
    )
    pending = float(verdicts.count(Verdict.GRADER_ERROR))
    return QuestionReport(name, "code", name.title(), sum(c.points for c in checks), len(checks), pending, checks)


def graded(student: str | None, exercise: str, *questions: QuestionReport) -> Report:
    """Return a report of these questions."""
    score, most = sum(q.score for q in questions), sum(q.max_score for q in questions)
    pending = sum(q.pending for q in questions)
    return Report(student, exercise, exercise.title(), 1, score, most, pending, "s", "v", "full", 1.0, questions)


PASSED, WRONG, BLANK, OURS = Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.NOT_ATTEMPTED, Verdict.GRADER_ERROR
ADA = graded("ada", "losses", question("softmax", PASSED, PASSED), question("entropy", PASSED, WRONG, mistake="half"))
BEN = graded("Ben", "losses", question("softmax", WRONG, WRONG, mistake="whole"), question("entropy", BLANK, BLANK))
CLEO = graded("cleo", "losses", question("softmax", OURS, PASSED), question("entropy", Verdict.TIME_LIMIT, WRONG))


def test_students_are_sorted_with_an_entry_per_exercise() -> None:
    """Rows are sorted ignoring case, exercises in the given order; a missing one is None and costs its points."""
    first = graded("Ben", "overview", question("purpose", PASSED))
    report = summarize_class([CLEO, BEN, ADA, first], order=["overview", "losses", "unknown"])
    assert [e.name for e in report.exercises] == ["overview", "losses"]
    assert [row.student for row in report.students] == ["ada", "Ben", "cleo"]
    assert [e is None for e in report.students[0].entries] == [True, False]
    assert [(row.score, row.max_score) for row in report.students] == [(3.0, 5.0), (1.0, 5.0), (1.0, 5.0)]
    assert report.students[2].pending == 1.0


def test_exercises_without_an_order_are_sorted_by_name() -> None:
    """Exercises that are missing in the order follow by name."""
    report = summarize_class([replace(ADA, exercise=e) for e in "bca"], order=["c"])
    assert [e.name for e in report.exercises] == ["c", "a", "b"]


def test_a_question_is_counted_by_state() -> None:
    """Each question has counts by state, and the mean share of points over those with final points."""
    softmax, entropy = summarize_class([ADA, BEN, CLEO]).exercises[0].questions
    assert dict(softmax.states) == {"right": 1, "wrong": 1, "pending": 1}
    assert softmax.mean_share == 0.5
    assert softmax.share("right") == 1 / 3
    assert entropy.share("not_attempted") == 1 / 3
    assert entropy.mean_share == (0.5 + 0 + 0) / 3


def test_mistakes_are_sorted_by_count_with_their_students() -> None:
    """A mistake counts once per student, however many checks it explains, and carries its hint."""
    both = [replace(BEN, student=f"s{i}") for i in range(3)]
    whole, half = summarize_class([ADA, *both]).mistakes
    assert (whole.exercise, whole.question, whole.name, whole.hint) == ("losses", "softmax", "whole", "not whole")
    assert whole.students == ("s0", "s1", "s2")
    assert half.students == ("ada",)


def test_limits_are_listed_with_their_students() -> None:
    """The students who exceeded a limit in a question are listed, and no others."""
    (limit,) = summarize_class([ADA, BEN, CLEO]).limits
    assert (limit.question, limit.verdict, limit.students) == ("entropy", Verdict.TIME_LIMIT, ("cleo",))


def test_unreadable_files_are_listed_and_not_averaged() -> None:
    """An unreadable file is listed with its error; it has a row, but no part in mean and distribution."""
    report = summarize_class([ADA, build_error_report("dan", "losses", "not a notebook")])
    assert [(e.student, e.error) for e in report.unreadable] == [("dan", "not a notebook")]
    assert [row.student for row in report.students] == ["ada", "dan"]
    exercise = report.exercises[0]
    assert (exercise.title, exercise.max_score, exercise.graded_count, exercise.mean) == ("Losses", 4.0, 1, 3.0)
    assert sum(exercise.distribution) == 1


def test_only_unreadable_files_have_no_mean() -> None:
    """If nothing was graded, mean and median are None rather than zero."""
    exercise = summarize_class([build_error_report("dan", "losses", "not a notebook")]).exercises[0]
    assert (exercise.mean, exercise.median, exercise.graded_count) == (None, None, 0)


def test_the_last_report_of_an_exercise_counts() -> None:
    """A student's later report of the same exercise replaces the earlier one."""
    report = summarize_class([ADA, replace(BEN, student="ada")])
    assert len(report.students) == 1
    assert report.students[0].score == 0.0


def test_no_reports_make_an_empty_class() -> None:
    """A class without reports has empty statistics and raises nothing."""
    report = summarize_class([])
    assert (report.exercises, report.students, report.mistakes, report.unreadable) == ((), (), (), ())


@given(st.lists(st.lists(st.sampled_from(list(Verdict)), min_size=1, max_size=4), min_size=1, max_size=30))
def test_statistics_agree_with_a_plain_count(classes: list[list[Verdict]]) -> None:
    """Mean, median, distribution and states agree with a plain count of the reports, in any order."""
    reports = [graded(f"s{i}", "losses", question("q", *verdicts)) for i, verdicts in enumerate(classes)]
    shuffled = random.Random(len(classes)).sample(reports, len(reports))
    exercise = summarize_class(shuffled).exercises[0]
    scores = [v.count(PASSED) for v in classes]
    shares = [v.count(PASSED) / len(v) for v in classes]
    assert exercise.mean is not None
    assert abs(exercise.mean - sum(scores) / len(scores)) < 1e-9
    assert exercise.median == statistics.median(scores)
    assert exercise.distribution[-1] == sum(share >= 0.9 for share in shares)
    assert sum(exercise.distribution) == len(classes)
    assert len(exercise.distribution) == DISTRIBUTION_BINS
    assert exercise.questions[0].submissions == len(classes)
    assert exercise.questions[0].states.get("right", 0) == sum(set(v) == {PASSED} for v in classes)


def test_missing_students_come_from_the_roster() -> None:
    """Every enrolled student has a row, and is missing without a submission; an ungraded one counts as submitted."""
    enrolled = Enrollment(("zoe", "ada", "Yan"), frozenset({("zoe", "losses")}))
    report = summarize_class([ADA, BEN], enrollment=enrolled)
    assert [row.student for row in report.students] == ["ada", "Ben", "Yan", "zoe"]
    assert report.exercises[0].missing == ("Yan",)
    assert report.ungraded == {("zoe", "losses")}
    assert (report.students[2].entries, report.students[2].score) == ((None,), 0.0)


def test_pending_points_are_listed_by_question() -> None:
    """Points that a person must give come before those to be graded again, each with its students."""
    text = replace(question("why", PASSED), score=0.0, pending=1.0)
    waiting = replace(ADA, student="dan", questions=(*ADA.questions, text))
    person, ours = summarize_class([CLEO, waiting]).pending
    assert (person.question, person.is_grader_error, person.points, person.places) == (
        "why",
        False,
        1.0,
        (ReportLocation("dan", 3),),
    )
    assert (ours.question, ours.is_grader_error, ours.places) == ("softmax", True, (ReportLocation("cleo", 1),))


def test_scores_follow_the_rules() -> None:
    """The entry of a late attempt has its points, late factor and score, and is among the late ones."""
    due = datetime(2031, 5, 20, tzinfo=UTC)
    attempts = [Attempt(1, due - timedelta(days=1), 1.0, 4.0), Attempt(2, due + timedelta(hours=30), 3.0, 4.0)]
    sheet = score_attempts(Policy(due, late_penalty=0.25), attempts)
    report = summarize_class([replace(ADA, score_sheet=sheet), BEN])
    (late,) = report.late
    assert (late.student, late.points, late.late_factor, late.score) == ("ada", 3.0, 0.5, 1.5)
    assert (late.late, late.counted_number, late.attempts) == (timedelta(hours=30), 2, 2)
    assert report.students[0].score == 1.5
    assert report.exercises[0].mean == 0.75


def test_places_lead_to_the_question() -> None:
    """A mistake or limit has the number of its question on the page."""
    report = summarize_class([ADA, CLEO])
    assert [m.places for m in report.mistakes] == [(ReportLocation("ada", 2),)]
    assert report.limits[0].places == (ReportLocation("cleo", 2),)


def test_blocked_access_is_listed_with_its_messages() -> None:
    """Blocked access of cells is listed with its messages, that of a check with its question's number."""
    q = question("softmax", Verdict.RUNTIME_ERROR)
    spied = replace(q, checks=(replace(q.checks[0], blocked_access=True),))
    cells = replace(BEN, refusals=("`a.csv` was not read: there are no files here.",))
    one, other = summarize_class([graded("ada", "losses", spied), cells]).refusals
    assert (one.place, one.says) == (ReportLocation("ada", 1), ())
    assert (other.place, other.says) == (ReportLocation("Ben", 0), cells.refusals)


def test_edits_that_several_students_need_are_counted() -> None:
    """An edit that mends the answers of several students is listed with them; one of a single student is not."""
    common = MendingEdit("softmax", "axis", "axis=0", "axis=1", "@softmax.mistake")
    single = replace(common, before="axis=2")
    question = QuestionReport("softmax", "code", "Softmax", 0.0, 1.0, 0.0, ())
    reports = [
        Report(student, "losses", "Losses", 1, 0.0, 1.0, 0.0, "s", "v", "full", 1.0, (question,), edits=edits)
        for student, edits in (("ada", (common, single)), ("bob", (common,)), ("cleo", ()))
    ]
    (found,) = summarize_class(reports).edits
    assert (found.exercise, found.question, found.before, found.after) == ("losses", "softmax", "axis=0", "axis=1")
    assert found.places == (ReportLocation("ada", 1), ReportLocation("bob", 1))
