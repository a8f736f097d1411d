"""Lines of a listing as an answer: right ones, ones that cost nothing, and unreadable ones."""

from typing import Any

import pytest

from grader.core.questions.kinds.code_reading import CodeReadingForm, CodeReadingRule
from grader.core.wire.job import ActionResult, ExceptionInfo
from grader.core.wire.normalize_source import normalize_source
from grader.core.wire.values import Opaque

ONE = CodeReadingRule(CodeReadingForm(("line",), several=False), frozenset({"z = functions.relu(u)"}))
MANY = CodeReadingRule(
    CodeReadingForm(("lines",), several=True, also={"c = a": "Nothing uses `c`."}), frozenset({"a = 1", "b = 2"})
)


def came(value: Any) -> tuple[ActionResult, ...]:
    """Return the sandbox's result for a variable: texts in their normal form."""
    if isinstance(value, str):
        return (ActionResult(normalize_source(value)),)
    return (ActionResult([normalize_source(v) if isinstance(v, str) else v for v in value]),)


@pytest.mark.parametrize("text", ["z = functions.relu(u)", "z=functions.relu( u )  # it", "  z = (functions.relu(u));"])
def test_spelling_does_not_count(text: str) -> None:
    """Spacing, brackets, comments and a semicolon make no difference."""
    assert ONE.form(came(text)).passed
    assert ONE(came(text)).share == 1
    assert ONE(came([text])).share == 1


@pytest.mark.parametrize("text", ["z = functions.sigmoid(u)", "z = functions.relu(v)", "functions.relu(u)"])
def test_another_line_is_wrong(text: str) -> None:
    """Another line can be read, and is wrong."""
    assert ONE.form(came(text)).passed
    assert ONE(came(text)).share == 0


def test_two_lines_instead_of_one() -> None:
    """Two lines, one of them right, are a wrong answer to a question for one."""
    both = came("z = functions.relu(u)\ny = z")
    assert str(ONE.form(both).wrong) == "`line` has 2 lines; give only one."
    assert ONE(both).share == 0


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
    assert MANY(came(value)).share == share
    judged = MANY.form(came(value))
    assert judged.passed
    assert [r.detail for r in judged.remarks] == (["Nothing uses `c`."] if "c = a" in value else [])


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (
            ActionResult(raised=ExceptionInfo("SyntaxError", "invalid syntax")),
            "`line` is not a line of Python: invalid syntax.",
        ),
        (
            ActionResult(raised=ExceptionInfo("ValueError", "30000 characters, more than 20000")),
            "can't be read as code (30000",
        ),
        (ActionResult(raised=ExceptionInfo("RecursionError", "too deep")), "can't be read as code (too deep)"),
        (ActionResult(3), "`line` should be the line, as a string, but is int."),
        (ActionResult([3]), "but is a list of other values"),
        (ActionResult(Opaque("function")), "but is function"),
        (ActionResult({"a": 1}), "but is dict"),
    ],
)
def test_unreadable(returned: ActionResult, said: str) -> None:
    """An answer that isn't code is reported and earns nothing."""
    judged = ONE.form((returned,))
    assert said in str(judged.wrong)
    assert judged.attempted
    assert ONE((returned,)).share == 0


@pytest.mark.parametrize("value", ["", None, [], "# a comment only"])
def test_empty(value: Any) -> None:
    """An empty text, or none, is not attempted."""
    returned = (ActionResult(normalize_source(value) if isinstance(value, str) else value),)
    for rule in (ONE, MANY):
        assert not rule.form(returned).attempted
        assert not rule(returned).attempted


def test_many_lines_are_bounded() -> None:
    """More lines than a listing has are reported and earn nothing."""
    lines = (ActionResult([f"x = {n}" for n in range(5000)]),)
    assert str(MANY.form(lines).wrong).startswith("`lines` has 5000 lines")
    assert MANY(lines).share == 0
