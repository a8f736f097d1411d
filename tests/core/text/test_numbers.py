"""Decimal numbers in sentences and on pages: the mark follows the language, everything else stays."""

import pytest

from grader.core.text.language import ENGLISH, Catalogue, Language
from grader.core.text.messages import gettext
from grader.core.text.numbers import count_points, format_points, format_share, localize_number
from grader.course.po_files import load_program_language

FRENCH = Language("fr", (Catalogue({"{whole}.{fraction}": ("{whole},{fraction}",)}),))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((2.0, "2"), (1.5, "1.5"), (2 / 3, "0.667"), (0.0, "0"), (-0.0, "0"), (10.0, "10"), (7.875, "7.875")),
        *((0.0625, "0.063"), (0.1 + 0.2, "0.3"), (-0.0001, "0")),
    ],
)
def test_points_have_three_decimals_at_most(value: float, text: str) -> None:
    """Points are shown without trailing zeros; eighths are exact, and halves of the last decimal are rounded up."""
    assert str(format_points(value)) == text


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0.0, "0 points", "0 point"),
        (0.5, "0.5 points", "0,5 point"),
        (1.0, "1 point", "1 point"),
        (1.5, "1.5 points", "1,5 point"),
        (2.0, "2 points", "2 points"),
        (12.5, "12.5 points", "12,5 points"),
    ],
)
def test_a_noun_agrees_with_its_number(value: float, english: str, french: str) -> None:
    """In English only 1 is singular; in French everything below 2 is."""
    assert ENGLISH(count_points(value)) == english
    assert load_program_language("fr")(count_points(value)) == french


def test_shares_are_exact() -> None:
    """An eighth is shown as 12.5 %."""
    assert [str(format_share(share)) for share in (0.125, 1.0, 0.0)] == ["12.5 %", "100 %", "0 %"]


@pytest.mark.parametrize("text", ["0.75", "-1.5", "1.2e-05", "3", "1e+20", "nan", "-inf", "True", "1.5+2.0j", ""])
def test_english_numbers_stay_as_written(text: str) -> None:
    """In English every number is shown as it was written."""
    assert ENGLISH(gettext("{number}", number=localize_number(text))) == text


@pytest.mark.parametrize(
    ("text", "shown"), [("0.75", "0,75"), ("-1.5", "-1,5"), ("1.2e-05", "1,2e-05"), ("3", "3"), ("1e+20", "1e+20")]
)
def test_the_decimal_mark_is_translated(text: str, shown: str) -> None:
    """A language writes decimal numbers with its own mark, also inside a sentence."""
    assert FRENCH(localize_number(text)) == shown
    assert FRENCH(gettext("expected {number}", number=localize_number(text))) == f"expected {shown}"


@pytest.mark.parametrize("text", ["1.5+2.0j", "x.5", "1.2.3", "W.0", "[0.5]", "0.5 ", "٣.٥", "array([0.5])"])
def test_other_text_keeps_its_points(text: str) -> None:
    """Complex numbers, names, versions and arrays are code, and stay as they are."""
    assert FRENCH(localize_number(text)) == text


def test_points_and_shares_follow_the_language() -> None:
    """Points and shares of points have the language's decimal mark."""
    assert FRENCH(format_points(0.75)) == "0,75"
    assert FRENCH(format_share(0.875)) == "87,5 %"
