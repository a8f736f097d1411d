"""The changes of a regrade: the difference in points, and the checks that made it."""

from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.mark import Mark
from grader.core.results.regrade_changes import (
    CheckChange,
    CheckOutcome,
    diff_gradings,
    question_version_suffix,
    replace_question,
)
from grader.core.results.verdict import Verdict


def check(name: str, points: float, most: float = 2.0, verdict: Verdict | None = None) -> CheckResult:
    """Return a check with that many points."""
    return CheckResult(name, verdict or (Verdict.PASSED if points else Verdict.WRONG_ANSWER), points, most, False)


def grading(version: str = "v1", **questions: tuple[CheckResult, ...]) -> Grading:
    """Return a grading of these questions."""
    results = tuple(QuestionResult(id, "code", checks) for id, checks in questions.items())
    return Grading("losses", version, "0.1.0", "s1", "full", results)


def test_changed_points_are_listed_by_check() -> None:
    """Only checks with different points are listed, with both verdicts, including new and removed ones."""
    before = grading(a=(check("same", 2.0), check("worse", 2.0), check("gone", 1.0)))
    after = grading(a=(check("same", 2.0), check("worse", 0.0)), b=(check("new", 1.5),))
    found = diff_gradings(before, after, {})
    assert found is not None
    assert (found.before, found.after, found.difference) == (5.0, 3.5, -1.5)
    assert found.checks == (
        CheckChange("a", "worse", CheckOutcome("passed", 2.0), CheckOutcome("wrong_answer", 0.0)),
        CheckChange("a", "gone", CheckOutcome("passed", 1.0), None),
        CheckChange("b", "new", None, CheckOutcome("passed", 1.5)),
    )
    assert found.as_json() == {
        "before": 5.0,
        "after": 3.5,
        "difference": -1.5,
        "pending_before": 0.0,
        "pending_after": 0.0,
        "checks": [
            {
                "question": "a",
                "check": "worse",
                "before": {"verdict": "passed", "points": 2.0},
                "after": {"verdict": "wrong_answer", "points": 0.0},
            },
            {"question": "a", "check": "gone", "before": {"verdict": "passed", "points": 1.0}, "after": None},
            {"question": "b", "check": "new", "before": None, "after": {"verdict": "passed", "points": 1.5}},
        ],
    }


def test_equal_points_are_no_change() -> None:
    """Equal points with another version or verdict are no change; the same sum by other checks is one."""
    before = grading(a=(check("x", 0.0), check("y", 2.0)))
    crashed = grading("v2", a=(check("x", 0.0, verdict=Verdict.RUNTIME_ERROR), check("y", 2.0)))
    assert diff_gradings(before, crashed, {}) is None
    assert diff_gradings(None, None, {}) is None
    swapped = diff_gradings(before, grading(a=(check("x", 2.0), check("y", 0.0))), {})
    assert swapped is not None
    assert (swapped.difference, [c.check for c in swapped.checks]) == (0.0, ["x", "y"])


def test_a_marked_question_changes_nothing() -> None:
    """A mark is the question's score before and after, whatever the checks give, up to its current maximum."""
    before, after = grading(a=(check("x", 2.0),)), grading(a=(check("x", 0.0),))
    marks = {"a": Mark("a", 1.5, 2.0)}
    assert diff_gradings(before, after, marks) is None
    less = diff_gradings(before, grading(a=(check("x", 0.0, most=1.0),)), marks)
    assert less is not None
    assert (less.before, less.after, less.checks) == (1.5, 1.0, ())


def test_a_newly_readable_file() -> None:
    """A file that an older version couldn't read had no points; its pending points are listed."""
    fault = grading(a=(check("x", 0.0, verdict=Verdict.GRADER_ERROR), check("y", 2.0)))
    found = diff_gradings(None, fault, {})
    assert found is not None
    assert (found.before, found.after, found.pending_before, found.pending_after) == (0.0, 2.0, 0.0, 2.0)


def test_one_question_is_replaced() -> None:
    """The other questions keep their results; the version names the replaced question once."""
    before = grading("v1", a=(check("x", 0.0),), b=(check("y", 0.0),))
    after = grading("v2", a=(check("x", 2.0),), b=(check("y", 2.0),))
    mixed = replace_question(before, after, "a")
    assert [q.score for q in mixed.questions] == [2.0, 0.0]
    assert mixed.course_version == "v1" + question_version_suffix("a", "v2") == "v1+a@v2"
    assert replace_question(mixed, after, "a").course_version == "v1+a@v2"
    assert replace_question(mixed, after, "b").course_version == "v1+a@v2+b@v2"
