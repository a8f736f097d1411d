"""Explanations are sentences with their line, of hidden checks only as far as they are opened."""

from dataclasses import replace

import pytest

from grader.core.questions.question import Mistake
from grader.core.report.explanation_text import ExplanationReport, list_explanations
from grader.core.results.disclosure import EVERYTHING, Disclosure, HiddenDetail, Hints
from grader.core.results.grading import CheckResult
from grader.core.results.reason import CodePlace, Departure, KnownMistake, Relation, Repair, RepairEdit, ReturnedForm
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH

PLACE = CodePlace("cell 7", 5)
MISTAKES = {
    "whole_batch": Mistake("whole_batch", "You divided by the sum over the whole batch.", lambda x: x),
    "no_maximum": Mistake("no_maximum", "Subtract the maximum of each row first.", lambda x: x),
}
RESULT = CheckResult(
    "one",
    Verdict.WRONG_ANSWER,
    0.0,
    1.0,
    hidden=False,
    explanations=(
        KnownMistake("whole_batch", PLACE),
        KnownMistake("no_maximum"),
        KnownMistake("not_in_the_course_any_more"),
        Relation("transposed"),
        Relation("of_a_later_version"),
        ReturnedForm("of_a_later_version"),
        Departure("shape", "delta1", PLACE, (1, 3, 3), (2, 3)),
        Departure("values", "delta1", PLACE),
        Repair((RepairEdit("axis", PLACE, "axis=0", "axis=1"), RepairEdit("sign", CodePlace("cell 8", 1), "a", "-a"))),
    ),
)
HINTS = (
    ("mistake", "You divided by the sum over the whole batch."),
    ("mistake", "Subtract the maximum of each row first."),
)
TRANSPOSED = ("relation", "It is the expected tensor transposed: rows and columns are swapped.")
DEPARTURES = (
    ("departure", "`delta1` is (1, 3, 3) after line 5 of cell 7; (2, 3) was expected."),
    ("departure", "`delta1` has other values than expected after line 5 of cell 7."),
)


@pytest.mark.parametrize(
    ("hints", "said"),
    [
        (Hints.NONE, (*HINTS, TRANSPOSED)),
        (
            Hints.PLACE,
            (
                *HINTS,
                TRANSPOSED,
                *DEPARTURES,
                ("repair", "Look at line 5 of cell 7."),
                ("repair", "Look at line 1 of cell 8."),
            ),
        ),
        (
            Hints.EDIT,
            (
                *HINTS,
                TRANSPOSED,
                *DEPARTURES,
                ("repair", "Line 5 of cell 7: write `axis=1` in place of `axis=0`."),
                ("repair", "Line 1 of cell 8: write `-a` in place of `a`."),
            ),
        ),
    ],
)
def test_hints_decide_what_is_said_of_places(hints: Hints, said: tuple[tuple[str, str], ...]) -> None:
    """Hints of known mistakes and relations are always shown; places, departures and edits as far as hints go."""
    found = list_explanations(RESULT, MISTAKES, Disclosure(hints), ENGLISH)
    assert tuple((one.kind, one.text) for one in found) == said


def test_each_sentence_has_its_line() -> None:
    """The line and cell of which a sentence speaks are given beside it; without hints there are none."""
    found = list_explanations(RESULT, MISTAKES, EVERYTHING, ENGLISH)
    assert [(one.cell, one.line) for one in found] == [
        ("cell 7", 5),
        ("", None),
        ("", None),
        *[("cell 7", 5)] * 3,
        ("cell 8", 1),
    ]
    assert found[1].as_json() == {
        "kind": "mistake",
        "text": "Subtract the maximum of each row first.",
        "cell": None,
        "line": None,
        "certain": True,
    }
    none = list_explanations(RESULT, MISTAKES, Disclosure(Hints.NONE), ENGLISH)
    assert {one.line for one in none} == {None}


def test_beside_its_line_a_sentence_does_not_name_the_line() -> None:
    """For a reader who sees the line, the sentence says nothing of line and cell."""
    found = list_explanations(RESULT, MISTAKES, Disclosure(Hints.KIND), ENGLISH)
    assert [one.at_line for one in found if one.line] == [
        "You divided by the sum over the whole batch.",
        "`delta1` is (1, 3, 3) after this line; (2, 3) was expected.",
        "`delta1` has other values than expected after this line.",
        "Look at the axis of this call.",
        "Look at the sign.",
    ]
    placed = list_explanations(RESULT, MISTAKES, Disclosure(Hints.PLACE), ENGLISH)
    assert [one.at_line for one in placed if one.kind == "repair"] == ["Look at this line."] * 2


def test_of_a_hidden_check_only_hints_are_shown() -> None:
    """A student reads the hints of known mistakes of a hidden check, and no line; opened explanations have all."""
    hidden = replace(RESULT, hidden=True)
    closed = list_explanations(hidden, MISTAKES, Disclosure(Hints.EDIT), ENGLISH)
    assert closed == tuple(ExplanationReport(*said) for said in HINTS)
    opened = list_explanations(hidden, MISTAKES, Disclosure(Hints.EDIT, HiddenDetail.EXPLANATIONS), ENGLISH)
    assert opened == list_explanations(RESULT, MISTAKES, EVERYTHING, ENGLISH)


@pytest.mark.parametrize(
    ("departure", "said"),
    [
        (
            Departure("shape", "y", CodePlace("", 2), (), (2, 3)),
            "`y` is a single number after line 2; (2, 3) was expected.",
        ),
        (
            Departure("shape", "y", CodePlace("", 2), (3,), ()),
            "`y` is (3,) after line 2; a single number was expected.",
        ),
        (Departure("values", "y", CodePlace("script", 2)), "`y` has other values than expected after line 2."),
    ],
)
def test_a_departure_without_a_numbered_cell(departure: Departure, said: str) -> None:
    """In a script or a notebook's own check, the line alone is named."""
    (one,) = list_explanations(replace(RESULT, explanations=(departure,)), {}, EVERYTHING, ENGLISH)
    assert one.text == said
