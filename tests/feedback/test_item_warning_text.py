"""Sentences about questions with unusual results."""

from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import CheckStats, ExerciseStats, QuestionStats
from grader.core.stats.item_analysis import ItemIndices
from grader.core.stats.item_warnings import ItemWarning, QuestionWarning
from grader.feedback.item_warning_text import describe_warning, explain_undefined


def warning(doubt: ItemWarning, item: ItemIndices, passed: int, *doubted: int) -> QuestionWarning:
    """Return a warning about the given ones of three checks, which 12 of 20 students tried."""
    verdicts = {Verdict.PASSED: passed, Verdict.WRONG_ANSWER: 12 - passed, Verdict.NOT_ATTEMPTED: 8}
    checks = tuple(CheckStats("q", f"c{i}", "", False, 1.0, verdicts, item) for i in range(3))
    states = {"not_attempted": 12, "wrong": 8}
    question = QuestionStats("q", "Q", "code", 3.0, states, item, checks)
    exercise = ExerciseStats("e", "E", 3.0, 20, 1.0, 1.0, (0,) * 10, (question,))
    return QuestionWarning(doubt, exercise, question, tuple(checks[i] for i in doubted))


def test_each_warning_says_what_to_look_at() -> None:
    """Each warning states the facts with their numbers, and a next step."""
    item = ItemIndices(20, 0.4, -0.25, "", 0.2, 0.5)
    assert str(describe_warning(warning(ItemWarning.NOBODY, item, 0, 1))).startswith(
        "Nobody passes `c1`, though 12 tried."
    )
    assert "any of its 3 checks" in str(describe_warning(warning(ItemWarning.NOBODY, item, 0, 0, 1, 2)))
    assert str(describe_warning(warning(ItemWarning.RARELY, item, 1, 0, 2))).startswith(
        "Of 12 who tried, at most 1 passes `c0`, `c2`."
    )
    said = str(describe_warning(warning(ItemWarning.INVERTED, item, 3)))
    assert "r = −0.25" in said
    assert "the best 27 % of students get 20 % of its points, the weakest 27 % get 50 %." in said
    assert str(describe_warning(warning(ItemWarning.SKIPPED, item, 3))).startswith(
        "60 % of submissions have no answer to it."
    )


def test_an_undefined_index_is_explained() -> None:
    """Each reason for a missing index has a text; an existing index has none."""
    assert str(explain_undefined(ItemIndices(3, 0.5, None, "few"))) == "fewer than 10 submissions"
    assert explain_undefined(ItemIndices(30, 0.5, 0.3)) == ""
