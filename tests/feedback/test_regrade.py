"""The page of a regrade."""

import re
from html import unescape

from grader.core.results.regrade_changes import (
    ChangedSubmission,
    CheckChange,
    CheckOutcome,
    RegradeSummary,
    ScoreChange,
)
from grader.feedback.pages import PageRenderer

ROWS = CheckChange("softmax", "rows", CheckOutcome("wrong_answer", 0.0), CheckOutcome("passed", 2.0))
NEW = CheckChange("mse", "new", None, CheckOutcome("time_limit", 0.0))
WHOLE = RegradeSummary(
    (
        ChangedSubmission("ada", "losses", 1, 8.25, ScoreChange(4.25, 6.25, 0.0, 0.0, (ROWS,))),
        ChangedSubmission(
            "<script>alert(1)</script>\u202e", "losses", 2, 8.25, ScoreChange(5.0, 4.0, 2.0, 1.0, (ROWS, NEW))
        ),
    ),
    30,
    "9f86d081884c",
)


def text_of(page: str) -> str:
    """The page's words, without markup and style."""
    body = page.partition("<body>")[2]
    return " ".join(re.sub("<[^>]+>", " ", body).split())


def test_it_says_whose_points_changed_and_by_which_check() -> None:
    """Before, after, difference with its sign, each check with verdicts and points; and the checks by how many."""
    said = text_of(PageRenderer("Course").render_regrade_page(WHOLE))
    assert "2 of 30 submissions graded anew changed" in said
    assert "ada losses submission 1 4.25 6.25 of 8.25 +2 softmax / rows wrong answer, 0 → passed, 2" in said
    assert "5 + 2 pending 4 of 8.25 + 1 pending −1" in said
    assert "mse / new no such check → took too long, 0" in said
    assert "2 softmax / rows losses ada ," in said


def test_it_lets_nothing_in_and_shows_hostile_names() -> None:
    """The policy lets only its own style in; a name is text, with what is unseen spelt out."""
    page = PageRenderer("Course").render_regrade_page(WHOLE)
    assert "default-src 'none'; style-src 'sha256-" in unescape(page)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩" in page


def test_a_rehearsal_and_nothing_to_tell_say_so() -> None:
    """Nothing recorded; nobody changed; nothing graded anew."""
    pages = PageRenderer("Course")
    assert "Nothing of this is recorded." in pages.render_regrade_page(RegradeSummary((), 3, "v", rehearsal=True))
    assert "Nobody&#39;s points changed." in pages.render_regrade_page(RegradeSummary((), 3, "v"))
    assert "this version has graded everything" in pages.render_regrade_page(RegradeSummary((), 0, "v"))
