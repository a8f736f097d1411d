"""Tests of recognising a template in which nothing is filled in: whatever could be an answer makes it touched."""

from pathlib import PurePath

import pytest

from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds import choice, code, text
from grader.core.questions.question import Question
from grader.core.questions.untouched import is_untouched, may_be_untouched
from grader.core.wire.submission import Cell, ParsedSubmission

EXERCISE = Exercise(
    "losses",
    "Losses",
    (
        Question("twice", code.KIND, "Twice", (), function="twice"),
        Question("pick", choice.KIND, "Pick", (), variables=("pick",)),
        Question("why", text.KIND, "Why", ()),
    ),
    PurePath("losses"),
)
GIVEN = "import numpy as np\n\ndef twice(x):\n    return ____  # the double\n\npick = ____\n"
WHY = "*question: why*\n\n____"


def program(source: str = GIVEN, why: str = WHY, *more: str) -> ParsedSubmission:
    """Return a file of a code cell, an answer in prose and further code cells."""
    cells = [Cell(source), Cell(why, "markdown"), *map(Cell, more)]
    return ParsedSubmission(tuple(cells), "losses")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (program(), True),
        (program(GIVEN.replace("____  # the double", "____ # other words")), True),
        (program(GIVEN + "\n# my notes: twice = 2\n"), True),
        (program(GIVEN, WHY, "print(twice(3))"), True),
        (program(GIVEN, WHY, ""), True),
        (program("", ""), True),
        (program(GIVEN.replace("return ____", "return 2 * x")), False),
        (program(GIVEN.replace("pick = ____", "pick = 2")), False),
        (program(GIVEN, "*question: why*\n\nBecause."), False),
        (program(GIVEN, WHY, "def twice(x):\n    return 2 * x"), False),
        (program(GIVEN, WHY, "pick = 2"), False),
        (program(GIVEN, WHY, "twice = lambda x: 2 * x"), False),
        (program(GIVEN, WHY, "from mine import *"), False),
        (program(GIVEN, WHY, "%run mine.py"), False),
        (program(GIVEN, WHY, "exec('tw' + 'ice = abs')"), False),
        (program("import numpy as np"), False),
        (program(GIVEN, WHY, "for i in range(3):\n    print(twice(i))"), True),
        (program(GIVEN.replace("    return ____", "    return 2 * x\n    return ____")), False),
        (program(GIVEN.replace("def twice(x):\n    return", "def twice(x): return 2 * x;")), False),
        (program(GIVEN, WHY, "@tracked\ndef twice(x):\n    return ____"), False),
        (program(GIVEN, WHY, 'colour = "#ff0000"; pick = 2'), False),
        (program(f"____ = 2\n{GIVEN}"), False),
        (program(f"{GIVEN}\nｐｉｃｋ = 2"), False),
        (program(GIVEN, WHY, "helper = lambda x: 2 * x"), True),
    ],
)
def test_only_a_file_without_an_answer_is_untouched(one: ParsedSubmission, expected: bool) -> None:
    """Calls, comments, other hints and an empty notebook answer nothing; all else may be an answer."""
    assert is_untouched(one, program(), EXERCISE) is expected
    assert may_be_untouched(one, EXERCISE) or not expected


def test_a_file_without_blanks_needs_no_template() -> None:
    """Code without a blank was filled in, unless no question asks for code."""
    assert not may_be_untouched(program("x = 1"), EXERCISE)
    prose = Exercise("essay", "Essay", EXERCISE.questions[2:], PurePath("essay"))
    assert may_be_untouched(program("x = 1"), prose)


def test_a_helper_that_the_template_gives_may_be_written_anew() -> None:
    """A name of the template is an answer, too: what a question asks for may call it."""
    given = "def helper(x):\n    return ____\n\ndef twice(x):\n    return helper(x)\n"
    assert is_untouched(program(given), program(given), EXERCISE)
    assert not is_untouched(program(given, WHY, "helper = lambda x: 2 * x"), program(given), EXERCISE)
    assert not is_untouched(program(given, WHY, "def helper(x):\n    return 2 * x"), program(given), EXERCISE)


def test_prose_in_a_cell_of_its_own_is_an_answer() -> None:
    """Somebody who writes below the cell of a question has written something."""
    one = program()
    below = ParsedSubmission((*one.cells, Cell("Because it is twice as much.", "markdown")), "losses")
    assert not is_untouched(below, program(), EXERCISE)
