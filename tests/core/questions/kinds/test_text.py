"""Answers in prose are found by metadata or by their first line, measured, and left to a person.

Covers `core/questions/kinds/prose_cells.py`.
"""

import pytest

from grader.core.questions.kinds.prose_cells import count_words, extract_text_answer
from grader.core.questions.kinds.text import ContentRule, LengthRule, TextLimits
from grader.core.wire.submission import Cell, ParsedSubmission

TEMPLATE = "*question: why_half*\n\n____"
LIMITS = TextLimits("why_half", most_lines=2, most_words=10)
LENGTH, CONTENT = LengthRule(LIMITS), ContentRule(LIMITS)


def found(*cells: Cell) -> str:
    """Return the answer to why_half in a program of these cells."""
    return extract_text_answer(ParsedSubmission(cells), "why_half")


def prose(source: str, question: str | None = None) -> Cell:
    """Return a markdown cell."""
    return Cell(source, "markdown", "cell 1", question)


@pytest.mark.parametrize(
    "cell",
    [
        prose("So that the 2 cancels.", "why_half"),
        prose("*question: why_half*\n\nSo that the 2 cancels.\n", "why_half"),
        prose("question: why_half\nSo that the 2 cancels."),
        prose("\n\n### Question: `why_half`\n____\nSo that the 2 cancels."),
        prose('<!-- question="why_half" -->\nSo that the 2 cancels.'),
        prose("*question: why_half*\n\n### BEGIN SOLUTION\nSo that the 2 cancels.\n### END SOLUTION", "why_half"),
        prose("question: why_half\n\n> ____  # your code\n\nSo that the 2 cancels."),
        prose("*question: why_half*\n\n\\____\n\nSo that the 2 cancels."),
        prose("*question: why_half*\n\n- \\_\\_\\_\\_\n\nSo that the 2 cancels."),
        prose("*question: why_half*\n\n\\\nSo that the 2 cancels."),
    ],
)
def test_an_answer_is_found(cell: Cell) -> None:
    """An answer is found by metadata or by its first line, with or without the rest of the blank."""
    assert found(Cell("x = 1"), cell, prose("other")) == "So that the 2 cancels."


@pytest.mark.parametrize(
    "text",
    ["YOUR ANSWER HERE", "_Type your answer here, replacing this text._", "**Your answer:**", "Double-click to edit"],
)
def test_what_other_templates_give_out_is_no_answer(text: str) -> None:
    """A line that templates of other systems have in the place of an answer is not the answer, and not a part of it."""
    assert not found(prose(f"*question: why_half*\n\n{text}"))
    assert found(prose(f"*question: why_half*\n\n{text}\nSo that your answer fits.")) == "So that your answer fits."


@pytest.mark.parametrize(
    "cell",
    [
        Cell("# question: why_half\n# Yes.", "code", "cell 1"),
        Cell("*question: why_half*\n\nYes.", "code", "cell 1"),
        Cell("Yes.", "code", "cell 1", "why_half"),
    ],
)
def test_an_answer_in_a_cell_of_code(cell: Cell) -> None:
    """An answer whose cell became a code cell counts, also as comments."""
    assert found(cell) == "Yes."


@pytest.mark.parametrize(
    "cell",
    [
        prose(TEMPLATE, "why_half"),
        prose(TEMPLATE),
        prose("", "why_half"),
        prose("question: why_half"),
        prose("question: why_half_not\nYes."),
        prose("Yes.\nquestion: why_half"),
        prose("Yes.", "why_square"),
        Cell("x = 1\nYes.", "code", "cell 1", "why_square"),
    ],
)
def test_no_answer(cell: Cell) -> None:
    """The template's placeholder, an empty cell, and another question's cell are not an answer."""
    assert found(cell) == ""
    for judged in (LENGTH(""), CONTENT("")):
        assert not judged.attempted
        assert "markdown cell" in str(judged.wrong)
        assert "`question: why_half`" in str(judged.wrong)


def test_a_split_cell_is_one_answer() -> None:
    """The parts of a split cell are one answer; a copied cell doesn't count twice."""
    assert found(prose("One.", "why_half"), prose("Two.", "why_half"), prose("One.", "why_half")) == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("text", "count"),
    [("a b  c\nd", 4), ("", 0), ("誤差を小さくする", 4), ("重みWを探す。", 5), ("l'erreur est là", 3)],
)
def test_words(text: str, count: int) -> None:
    """Words are separated by spaces; two characters of Japanese or Chinese count as one."""
    assert count_words(text) == count


def test_length() -> None:
    """Too many lines or words are reported with both numbers, without blank lines; a person still marks the answer."""
    assert LENGTH("One.\n\n\nTwo.").passed
    assert str(LENGTH("1\n2\n3").wrong) == "Your answer has 3 lines; the limit is 2."
    assert str(LENGTH("word " * 11).wrong) == "Your answer has 11 words; the limit is 10."
    judged = CONTENT("word " * 100_000)
    assert (judged.pending, judged.share, judged.passed) == (True, 0.0, True)


def test_a_huge_text_costs_no_time() -> None:
    """A megabyte of spaces, underscores or Japanese characters is measured quickly."""
    for part in (" ", "_", "誤", "question: ", "> - * "):
        text = part * (1_000_000 // len(part))
        cell = prose(f"question: why_half\n{text}")
        LENGTH(found(cell))
        LENGTH(found(prose(text)))
