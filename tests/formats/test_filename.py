"""Tests of parsing file names into an exercise and the numbers that order attempts.

Covers `core/questions/exercise_names.py`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.questions.exercise_names import ExerciseNames
from grader.formats.filename import ParsedStem, parse_stem

EXERCISES = ("overview", "losses", "gradient_descent", "day", "day_2")


@pytest.mark.parametrize(
    ("stem", "exercise", "attempt"),
    [
        ("losses", "losses", ()),
        ("Losses", "losses", ()),
        ("losses (1)", "losses", (1,)),
        ("losses(12)", "losses", (12,)),
        ("losses（1）", "losses", (1,)),
        ("losses-1", "losses", (1,)),
        ("losses-final", "losses", ()),
        ("losses_v2", "losses", (2,)),
        ("losses_v2 (1)", "losses", (2, 1)),
        ("losses v3 final", "losses", (3,)),
        ("Losses copy", "losses", ()),
        ("Losses copy 2", "losses", (2,)),
        ("losses-Copy1", "losses", (1,)),
        ("losses - Copie", "losses", ()),
        ("losses - Copie (2)", "losses", (2,)),
        ("losses - コピー", "losses", ()),
        ("losses のコピー", "losses", ()),
        ("Copy of losses", "losses", ()),
        ("Copie de losses", "losses", ()),
        ("losses.ipynb", "losses", ()),
        ("losses_2024-05-01", "losses", (2024, 5, 1)),
        ("Gradient Descent", "gradient_descent", ()),
        ("gradient-descent (3)", "gradient_descent", (3,)),
        ("day_2", "day_2", ()),
        ("day", "day", ()),
        ("day (3)", "day", (3,)),
        ("day_2_v4", "day_2", (4,)),
    ],
)
def test_additions_of_people_and_browsers_are_removed(stem: str, exercise: str, attempt: tuple[int, ...]) -> None:
    """The exercise is recognised in a changed name, with the numbers that order its attempts."""
    assert parse_stem(stem, EXERCISES) == ParsedStem(exercise, attempt)


@pytest.mark.parametrize(
    "stem", ["", "loss", "my losses", "losses2", "losses_ada", "solution", "day_3", "final", "(1)", "copy"]
)
def test_ambiguous_names_give_no_exercise(stem: str) -> None:
    """A name that only resembles an exercise, or may mean two, gives none (`day_3` where there is `day_2`)."""
    assert parse_stem(stem, EXERCISES) == ParsedStem(None)


def test_exact_name_takes_precedence() -> None:
    """Exercises whose own names look like additions are recognised exactly; a name that fits two gives none."""
    assert parse_stem("losses-final", ["losses", "losses-final"]).exercise == "losses-final"
    assert parse_stem("losses (1)", ["losses", "losses (1)"]).exercise == "losses (1)"
    assert parse_stem("Losses", ["losses", "LOSSES"]).exercise is None


@given(st.text(max_size=40))
def test_any_stem_gives_an_exercise_or_none(stem: str) -> None:
    """For any name the result is one of the exercises or None."""
    assert parse_stem(stem, EXERCISES).exercise in (*EXERCISES, None)


ALIASED = ExerciseNames(
    ("planar", "deep", "deep_2"), {"planar": ("Week4_*", "hw-1"), "deep": ("*assign?", "Week4_deep*", "hw 2")}
)


@pytest.mark.parametrize(
    ("stem", "parsed"),
    [
        ("HW 1", ParsedStem("planar")),
        ("hw_1 (2)", ParsedStem("planar", (2,))),
        ("hw-2", ParsedStem("deep")),
        ("week4 Planar data", ParsedStem("planar", (), True)),
        ("Week4_Planar (3)", ParsedStem("planar", (3,), True)),
        ("Week4_2", ParsedStem("planar", (), True)),
        ("Week4", ParsedStem(None)),
        ("Week4_deeper", ParsedStem(None)),
        ("my assignments", ParsedStem(None)),
        ("my assign1", ParsedStem("deep", (), True)),
        ("deep", ParsedStem("deep")),
        ("deep (2)", ParsedStem("deep", (2,))),
    ],
)
def test_aliases_are_names_too(stem: str, parsed: ParsedStem) -> None:
    """An alias is a name in any case and spelling; one with a wildcard fits last, and two that fit give none."""
    assert parse_stem(stem, ALIASED) == parsed
