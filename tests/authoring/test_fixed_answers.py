"""Questions with an answer that the author writes down: the questions they become, and their error messages."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.authoring import choice_question, matching_question, reading_question, text_question
from grader.core.errors import CourseError
from grader.core.questions.checks import AnswerCheck, TextCheck
from grader.core.questions.kinds.choice import KIND as CHOICE
from grader.core.questions.kinds.code_reading import KIND as CODE_READING
from grader.core.questions.kinds.kind import QuestionKind
from grader.core.questions.kinds.matching import KIND as MATCHING
from grader.core.questions.kinds.text import KIND as TEXT
from grader.core.questions.question import Question
from grader.core.wire.job import Parse, Read

OPTIONS = {"W": "the weights", "b": "the biases"}


def choice(**changes: Any) -> Question:
    """Return a choice question with some changes."""
    return choice_question(
        "values", **{"title": "T", "points": 2, "options": OPTIONS, "right": {"W"}, **changes}
    ).freeze()


def matching(**changes: Any) -> Question:
    """Return a matching question with some changes."""
    fields = {"items": {"x": "an x"}, "options": OPTIONS, "right": {"x": {"W"}}, **changes}
    return matching_question("use", **{"title": "T", "points": 2, **fields}).freeze()


def reading(**changes: Any) -> Question:
    """Return a code reading question with some changes."""
    return reading_question("line", **{"title": "T", "points": 1, "right": ["a = 1"], **changes}).freeze()


def text(**changes: Any) -> Question:
    """Return a text question with some changes."""
    fields = {"rubric": {"one": 1, "two": 0.5}, "ideal": "So.", **changes}
    return text_question("why", **{"title": "T", "points": 1.5, **fields}).freeze()


@pytest.mark.parametrize(
    ("make", "kind", "action"),
    [
        (choice, CHOICE, Read("values")),
        (matching, MATCHING, Read("use")),
        (reading, CODE_READING, Parse("line")),
    ],
)
def test_form_is_shown_and_right_is_hidden(make: Callable[[], Question], kind: QuestionKind, action: object) -> None:
    """A visible check without points checks the form; a hidden one with all the points checks the content."""
    made = make()
    assert (made.kind, made.function, made.mistakes) == (kind, "", ())
    form, right = made.checks
    assert isinstance(form, AnswerCheck)
    assert isinstance(right, AnswerCheck)
    assert (form.points, form.hidden, right.points, right.hidden) == (0, False, made.max_score, True)
    for check in (form, right):
        assert check.make_probe(np.random.default_rng(0)).actions == (action,)


def test_sentences_reveal_nothing() -> None:
    """The sentences of a choice's checks don't depend on the right options."""
    sentences = {tuple(check.says for check in choice(right=right).checks) for right in ({"W"}, {"b"}, {"W", "b"})}
    assert len(sentences) == 1


def test_variable_may_have_another_name() -> None:
    """The answer's variable is named like the question, or by the author."""
    assert choice().variables == ("values",)
    assert choice(variable="chosen").variables == ("chosen",)
    assert reading(variable="chosen").variables == ("chosen",)


def test_prose_is_marked_by_a_person() -> None:
    """A text question keeps the rubric and the ideal answer for the marker; its points are the rubric's."""
    made = text(most_lines=1)
    assert (made.kind, made.max_score, made.rubric, made.ideal) == (TEXT, 1.5, {"one": 1, "two": 0.5}, "So.")
    length, content = made.checks
    assert isinstance(length, TextCheck)
    assert isinstance(content, TextCheck)
    assert (length.points, content.points, length.hidden, content.hidden) == (0, 1.5, False, False)
    assert str(length.says) == "There is an answer of at most 1 line and 60 words."


@pytest.mark.parametrize(
    ("make", "changes", "said"),
    [
        (choice, {"options": ["W"]}, 'options= is a dict of keys and their wordings: write options={"W": '),
        (choice, {"options": {}}, "options= is a dict"),
        (choice, {"options": {"W": ""}}, "options= is a dict"),
        (choice, {"right": {"q"}}, "right= names 'q', which is not one of the options W, b"),
        (choice, {"right": set()}, "right= is a set of options"),
        (choice, {"right": 3}, "right= is a set of options"),
        (choice, {"right": {"W", "b"}, "several": False}, "several=False asks for one option, but right= has 2"),
        (choice, {"variable": "a b"}, "a variable is one word such as 'values', not 'a b'"),
        (choice, {"points": 0}, "points are a number above 0, not 0"),
        (choice, {"title": " "}, "it needs a title"),
        (matching, {"right": {}}, "right= is a dict that says of each item which options belong to it: x"),
        (matching, {"right": {"x": {"q"}}}, "right['x'] names 'q'"),
        (matching, {"items": {"x": 1}}, "items= is a dict"),
        (reading, {"right": "a = 1"}, "right= is a list of lines"),
        (reading, {"right": []}, "right= is a list of lines"),
        (reading, {"right": ["a = "]}, "'a = ' is not valid Python"),
        (reading, {"also": {"b =": "x"}}, "'b =' is not valid Python"),
        (reading, {"also": {"a=1": "x"}}, "'a = 1' is in right= and in also="),
        (reading, {"also": ["b = 1"]}, "also= is a dict"),
        (text, {"rubric": {}}, "rubric= is a dict of what earns points"),
        (text, {"rubric": {"one": 1}}, "points=1.5 is declared, but the rubric adds up to 1"),
        (text, {"rubric": {"one": -1, "two": 2.5}}, "points are a number above 0, not -1"),
        (text, {"ideal": ""}, "it needs an ideal answer"),
        (text, {"most_lines": 0}, "most_lines= is a whole number from 1, not 0"),
        (text, {"most_words": True}, "most_words= is a whole number from 1, not True"),
    ],
)
def test_mistake_in_checks_is_reported(make: Callable[..., Question], changes: dict[str, Any], said: str) -> None:
    """A mistake is reported with this file, the question, and the right form."""
    with pytest.raises(CourseError) as error:
        make(**changes)
    assert "test_fixed_answers.py:" in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
