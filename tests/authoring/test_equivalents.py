"""Declarations of edits that make nothing wrong: their data, and their error messages."""

from pathlib import Path

import pytest

from grader.authoring import code_question, variables_question
from grader.core.errors import CourseError


def double(x: float) -> float:
    """A reference."""
    return 2 * x


def test_declarations_are_data() -> None:
    """Each edit is one declaration with the author's reason, on one line, and the place."""
    question = code_question("twice", title="Twice", points=1, reference=double)
    question.equivalent("2 * x", "x * 2", "x + x", why="both\n   are twice x")
    question.check(points=1)(some_number)
    made = question.freeze().equivalents
    assert [(one.before, one.after, one.why) for one in made] == [
        ("2 * x", "x * 2", "both are twice x"),
        ("2 * x", "x + x", "both are twice x"),
    ]
    assert Path(made[0].place.file).name == Path(__file__).name


def some_number(rng: object) -> float:
    """A number."""
    return 1.0


def test_a_question_about_variables_has_them_too() -> None:
    """A question about variables declares edits in the same way."""
    question = variables_question("spread", title="Spread", points=1)
    question.equivalent("a", "b", why="equal")
    question.check("spread", points=1)(any_value)
    assert len(question.freeze().equivalents) == 1


def any_value(spread: object) -> None:
    """It is there."""


@pytest.mark.parametrize(
    ("texts", "why"), [(("a",), "no other code"), (("a", " "), "blank"), (("a", "b"), " "), (("a", "b"), "")]
)
def test_incomplete_declarations(texts: tuple[str, ...], why: str) -> None:
    """A declaration without code, other code or a reason is refused with the right form."""
    question = code_question("twice", title="Twice", points=1, reference=double)
    with pytest.raises(CourseError, match=r'write twice\.equivalent\("x > 0", "x >= 0", why="…"\)'):
        question.equivalent(*texts, why=why)


def test_a_declaration_is_made_once() -> None:
    """The same edit twice is an error."""
    question = code_question("twice", title="Twice", points=1, reference=double)
    with pytest.raises(CourseError, match="'a' -> 'b' is declared twice: leave one of them out"):
        question.equivalent("a", "b", "b", why="equal")
