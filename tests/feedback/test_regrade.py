"""The page of the changes that a regrade made."""

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
    """Return the page's text without markup and style."""
    body = page.partition("<body>")[2]
    return " ".join(re.sub("<[^>]+>", " ", body).split())


def test_it_shows_changed_scores_and_their_checks() -> None:
    """The page shows each score before and after, the signed difference, and each check's verdicts and points."""
    said = text_of(PageRenderer("Course").render_regrade_page(WHOLE))
    assert "2 of 30 regraded submissions changed" in said
    assert "ada losses submission 1 4.25 6.25 of 8.25 +2 softmax / rows wrong answer, 0 → passed, 2" in said
    assert "5 + 2 pending 4 of 8.25 + 1 pending −1" in said
    assert "mse / new no such check → took too long, 0" in said
    assert "2 softmax / rows losses ada ," in said


def test_it_allows_only_its_style_and_escapes_hostile_names() -> None:
    """The policy allows only its own style sheet; names are text, with invisible characters spelt out."""
    page = PageRenderer("Course").render_regrade_page(WHOLE)
    assert "default-src 'none'; style-src 'sha256-" in unescape(page)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩" in page


def test_a_dry_run_and_an_empty_regrade_say_so() -> None:
    """The page says if nothing was recorded, if no score changed, and if nothing was graded."""
    pages = PageRenderer("Course")
    assert "Nothing was saved." in pages.render_regrade_page(RegradeSummary((), 3, "v", is_dry_run=True))
    assert "No points changed." in pages.render_regrade_page(RegradeSummary((), 3, "v"))
    assert "all submissions have been graded with this version" in pages.render_regrade_page(RegradeSummary((), 0, "v"))
