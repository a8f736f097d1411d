"""What is said of a question that went oddly."""

from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import CheckFigures, ExerciseFigures, QuestionFigures
from grader.core.stats.item_analysis import Item
from grader.core.stats.item_warnings import Concern, Doubt
from grader.feedback.item_warning_text import sentence, undefined


def concern(doubt: Doubt, item: Item, passed: int, *doubted: int) -> Concern:
    """A doubt about these of three checks, which 12 of 20 tried."""
    verdicts = {Verdict.PASSED: passed, Verdict.WRONG_ANSWER: 12 - passed, Verdict.NOT_ATTEMPTED: 8}
    checks = tuple(CheckFigures("q", f"c{i}", "", False, 1.0, verdicts, item) for i in range(3))
    states = {"not_attempted": 12, "wrong": 8}
    question = QuestionFigures("q", "Q", "code", 3.0, states, item, checks)
    exercise = ExerciseFigures("e", "E", 3.0, 20, 1.0, 1.0, (0,) * 10, (question,))
    return Concern(doubt, exercise, question, tuple(checks[i] for i in doubted))


def test_each_doubt_says_what_to_look_at() -> None:
    """A sentence of fact with its numbers, and what to do."""
    item = Item(20, 0.4, -0.25, "", 0.2, 0.5)
    assert sentence(concern(Doubt.NOBODY, item, 0, 1)).startswith("Nobody passes `c1`, though 12 tried.")
    assert "any of its 3 checks" in sentence(concern(Doubt.NOBODY, item, 0, 0, 1, 2))
    assert sentence(concern(Doubt.RARELY, item, 1, 0, 2)).startswith("Of 12 who tried, at most 1 passes `c0`, `c2`.")
    said = sentence(concern(Doubt.INVERTED, item, 3))
    assert "r = −0.25" in said
    assert "the best 27 % get 20 % of its points, the weakest 50 %" in said
    assert sentence(concern(Doubt.SKIPPED, item, 3)).startswith("60 % did not try it.")


def test_why_an_index_is_not_there() -> None:
    """Each reason has words; where there is an index there are none."""
    assert undefined(Item(3, 0.5, None, "few")) == "fewer than 10 submissions"
    assert undefined(Item(30, 0.5, 0.3)) == ""
