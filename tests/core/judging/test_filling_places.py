"""The line of a student's code that fills a blank wrongly is found by text, or none is named."""

from dataclasses import replace

import pytest

from grader.core.judging.filling_places import add_filling_places, find_blank_line
from grader.core.questions.kinds.code import KIND
from grader.core.questions.question import Filling, Mistake, Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import CodePlace, KnownMistake, Relation
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell, ParsedSubmission

BACKWARD = """\
import numpy as np

def backward(x, d, y):
    # delta2 = y - d
    '''
    delta2 = an explanation
    '''
    grad = dict(
        delta2 = 3
    )
    delta2  =  y-d
    print("# not a comment", delta2)
    grad[ "W2" ] = np.dot(
        x.T, delta2)
    grad['b2'] += 1; grad["b1"] = 0
    return grad

delta2 = 1
def other():
    delta2 = 2
    return 0
"""


def place(name: str, *sources: str, right: str = "") -> tuple[str, int] | None:
    """Return the cell and line of a blank of `backward` in these cells."""
    cells = [Cell(source, label=f"cell {number}") for number, source in enumerate(sources, 1)]
    found = find_blank_line(Filling("", "", name, right), "backward", cells)
    return (found.cell, found.line) if found else None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("delta2", 11),
        ("grad['W2']", 13),
        ("grad['b2']", 15),
        ("return", 16),
        ("grad", 8),
        ("grad['b1']", 15),
        ("x", None),
    ],
)
def test_the_line_that_assigns(name: str, line: int | None) -> None:
    """The line of the function that assigns the same is found, in any spacing, but not in comments and arguments."""
    assert place(name, "x = 1", BACKWARD) == (None if line is None else ("cell 2", line))


def test_two_lines_are_none() -> None:
    """Where several lines match, or the function is defined twice, no line is named."""
    again = ("delta2 /= 2", "if x: delta2 = 3", "for i in x:\n        delta2 = i")
    assert [place("delta2", BACKWARD.replace("return grad", f"{one}\n    return grad")) for one in again] == [None] * 3
    early = ("if x: return x", "if x:\n        return x")
    assert [place("return", BACKWARD.replace("return grad", f"{one}\n    return grad")) for one in early] == [None] * 2
    assert place("delta2", BACKWARD, BACKWARD) is None
    assert place("delta2", "def backward(x):\n    for delta2 in x:\n        pass") == ("cell 1", 2)
    assert place("delta2", BACKWARD, "def backward(x, d, y):\n    return 1") is None


@pytest.mark.parametrize("written", ["(y-d)/N", "( y - d ) / N  # right", "(y - d) \\\n        / N", "(y - d) / N\r"])
def test_a_right_line_is_not_named(written: str) -> None:
    """A line with the solution's text isn't named: the mistake is elsewhere."""
    text = f"def backward(x, d, y):\n    delta2 = {written}\n    return delta2"
    assert place("delta2", text, right="(y - d) / N") is None
    assert place("delta2", text) == ("cell 1", 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def backward(",
        "def backward(x): return x",
        "def backward(x):\n\n",
        "async  def backward(\n  x\n):\n    '''\n    y = 1",
        "class A:\n    def backward(x):\n        pass",
        "def backward(x):\n    ((((",
        "def backward(x):\n    '''a\\",
        "\0\x0c\u2028def backward(x):\\",
    ],
)
def test_any_text_may_be_a_submission(text: str) -> None:
    """Broken code gives no place, and no error."""
    assert place("delta2", text) is None


LONG = [
    *(
        '"""\\',
        "'",
        "(",
        "\\\n",
        "def backward(",
        "delta2 ",
        "delta2:",
        "delta2=1;",
        "# ",
        " ",
        '"""a',
        "''",
        ";",
        ": ",
    ),
    *("\n    return x", "\n    delta2 = 1", "\n    delta2:", "return;"),
]


@pytest.mark.parametrize("piece", LONG)
def test_long_texts_take_no_time(piece: str) -> None:
    """A long text of one repeated piece is searched at once, and gives no place."""
    text = "def backward(x):\n    " + piece * (300_000 // len(piece))
    assert place("delta2", text) is None
    assert place("return", text) is None


def explained(*checks: tuple[str, Verdict]) -> QuestionResult:
    """Return a result with one check of each output and verdict; wrong ones are explained by `both` and `one`."""
    known = (KnownMistake("one"), KnownMistake("both"), Relation("negated"))
    return QuestionResult(
        "backward",
        "code",
        tuple(
            CheckResult(f"{n}", verdict, 0, 1, False, output, explanations=known if verdict != Verdict.PASSED else ())
            for n, (output, verdict) in enumerate(checks)
        ),
    )


def test_places_are_added_to_known_mistakes() -> None:
    """A filling has its line; of several fillings, the one that assigns the output; nothing else is changed."""
    one = Mistake("one", "", max, "backward", fillings=(Filling("delta2", "y - d", "delta2"),))
    both = Mistake("both", "", max, "backward", fillings=tuple(Filling(n, "", n) for n in ("delta2", "grad['W2']")))
    question = Question("backward", KIND, "", (), (one, both, Mistake("other", "", max)), "backward")
    program = ParsedSubmission((Cell(BACKWARD, label="cell 1"), Cell("delta2 = 1", "markdown")))
    delta2, weights = CodePlace("cell 1", 11), CodePlace("cell 1", 13)

    result = explained(("delta2", Verdict.WRONG_ANSWER), ("grad['W2']", Verdict.WRONG_ANSWER))
    first, second = add_filling_places(question, result, program).checks
    assert first.explanations == (KnownMistake("one", delta2), KnownMistake("both", delta2), Relation("negated"))
    assert second.explanations == (KnownMistake("one", delta2), KnownMistake("both", weights), Relation("negated"))

    result = explained(("delta2", Verdict.PASSED), ("grad['W2']", Verdict.WRONG_ANSWER))
    _, second = add_filling_places(question, result, program).checks
    assert second.explanations == (KnownMistake("one"), KnownMistake("both", weights), Relation("negated"))

    unfilled = replace(question, mistakes=tuple(replace(mistake, fillings=()) for mistake in question.mistakes))
    assert add_filling_places(unfilled, result, program) is result
