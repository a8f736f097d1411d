"""The feedback in a notebook's cell: left-aligned, code as code, long texts cut, and no text of a student as HTML."""

import re

import pytest

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH
from grader.feedback.cell_feedback import MAX_SHOWN, CellFeedback


def feedback(message: str, says: str = "A row.", hint: str | None = None, remark: str = "") -> CellFeedback:
    """The feedback on one question with one failed check."""
    check = CheckReport(
        "a_row", says, Verdict.WRONG_ANSWER, 0.0, 1.0, False, message, None, hint, (remark,) if remark else ()
    )
    return CellFeedback((QuestionReport("twice", "code", "Twice", 0.0, 1.0, 0.0, (check,)),), ENGLISH)


def test_code_is_shown_as_code() -> None:
    """Names between backquotes are code elements, in sentences, messages, remarks and hints."""
    shown = feedback("`W` is 3.", "Uses `x`.", "Look at `axis`.", "`b` was changed.")._repr_html_()
    assert re.findall("<code>(.*?)</code>", shown) == ["x", "W", "b", "axis"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "`<img src=x>`", '"><b onclick="x()">'])
def test_a_text_is_never_markup(text: str) -> None:
    """What comes from a student's code is shown as it is."""
    shown = feedback(text, text, text, text)._repr_html_()
    assert not re.search(r"<(?!/?(?:div|span|b|br|code)\b)", shown)
    assert "onclick" not in re.sub(r">[^<]*<", "><", shown)


def test_a_long_text_stays_within_the_cell() -> None:
    """A message of 3,000 characters without a space is cut, and may be broken anywhere."""
    shown = feedback("x" * 3000)
    assert "x" * (MAX_SHOWN - 1) + "…" in shown._repr_html_()
    assert max(map(len, repr(shown).splitlines())) < MAX_SHOWN + 10
    assert "overflow-wrap: anywhere" in shown._repr_html_()
    assert "text-align: left" in shown._repr_html_()
