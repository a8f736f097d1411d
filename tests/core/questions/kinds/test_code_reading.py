"""Lines of a listing as an answer: what is right, what costs nothing, what can't be read."""

from typing import Any

import pytest

from grader.core.questions.kinds.code_reading import Reading
from grader.core.wire.job import Raised, Returned
from grader.core.wire.normalize_source import normal_form
from grader.core.wire.values import Opaque

ONE = Reading("line", frozenset({"z = functions.relu(u)"}), {}, several=False)
MANY = Reading("lines", frozenset({"a = 1", "b = 2"}), {"c = a": "Nothing uses `c`."}, several=True)


def came(value: Any) -> tuple[Returned, ...]:
    """What the sandbox gives of a variable: texts in their normal form."""
    if isinstance(value, str):
        return (Returned(normal_form(value)),)
    return (Returned([normal_form(v) if isinstance(v, str) else v for v in value]),)


@pytest.mark.parametrize("text", ["z = functions.relu(u)", "z=functions.relu( u )  # it", "  z = (functions.relu(u));"])
def test_spelling_does_not_count(text: str) -> None:
    """Spacing, brackets, comments and a semicolon make no difference."""
    assert ONE.form(came(text)).passed
    assert ONE.score(came(text)).share == 1
    assert ONE.score(came([text])).share == 1


@pytest.mark.parametrize("text", ["z = functions.sigmoid(u)", "z = functions.relu(v)", "functions.relu(u)"])
def test_another_line_is_wrong(text: str) -> None:
    """Another line is readable, and wrong."""
    assert ONE.form(came(text)).passed
    assert ONE.score(came(text)).share == 0


def test_one_line_is_asked_for() -> None:
    """Two lines, one of them right, are no answer to a question for one."""
    both = came("z = functions.relu(u)\ny = z")
    assert str(ONE.form(both).wrong) == "`line` has 2 lines; one is asked for."
    assert ONE.score(both).share == 0


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (["a = 1", "b = 2"], 1.0),
        ("a = 1\nb = 2", 1.0),
        (["b=2", "a=1", "a = 1"], 1.0),
        (["a = 1"], 0.5),
        (["a = 1", "b = 2", "d = 4"], 0.5),
        (["a = 1", "d = 4"], 0.0),
        (["a = 1", "b = 2", "c = a"], 1.0),
        (["c = a"], 0.0),
    ],
)
def test_several_lines(value: Any, share: float) -> None:
    """A wrong line costs as much as a missing one; a line with a remark costs nothing."""
    assert MANY.score(came(value)).share == share
    judged = MANY.form(came(value))
    assert judged.passed
    assert [r.detail for r in judged.remarks] == (["Nothing uses `c`."] if "c = a" in value else [])


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (Returned(raised=Raised("SyntaxError", "invalid syntax")), "`line` is no line of Python: invalid syntax."),
        (Returned(raised=Raised("ValueError", "30000 characters, more than 20000")), "can't be read as code (30000"),
        (Returned(raised=Raised("RecursionError", "too deep")), "can't be read as code (too deep)"),
        (Returned(3), "`line` should be the line, as text, but is int."),
        (Returned([3]), "but is a list of something else"),
        (Returned(Opaque("function")), "but is function"),
        (Returned({"a": 1}), "but is dict"),
    ],
)
def test_unreadable(returned: Returned, said: str) -> None:
    """What is no code is told, and is worth nothing."""
    judged = ONE.form((returned,))
    assert said in str(judged.wrong)
    assert judged.attempted
    assert ONE.score((returned,)).share == 0


@pytest.mark.parametrize("value", ["", None, [], "# a comment only"])
def test_empty(value: Any) -> None:
    """An empty text, or none, is not attempted."""
    returned = (Returned(normal_form(value) if isinstance(value, str) else value),)
    for rule in (ONE, MANY):
        assert not rule.form(returned).attempted
        assert not rule.score(returned).attempted


def test_many_lines_are_bounded() -> None:
    """More lines than a listing has are told and earn nothing."""
    lines = (Returned([f"x = {n}" for n in range(5000)]),)
    assert str(MANY.form(lines).wrong).startswith("`lines` has 5000 lines")
    assert MANY.score(lines).share == 0
