"""The exercise of a file without a name is recognized by its questions, and only where one exercise fits."""

from pathlib import Path

import pytest

from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds import choice, code, text
from grader.core.questions.question import Question
from grader.core.questions.recognize_exercise import recognize_exercise
from grader.core.wire.submission import Cell, ParsedSubmission


def ask(name: str, *functions: str) -> Question:
    """Return a question for functions, or one in prose."""
    return (
        Question(name, code.KIND if functions else text.KIND, name, (), function=functions[0])
        if functions
        else Question(name, text.KIND, name, ())
    )


EXERCISES = [
    Exercise("losses", "", (ask("mse", "mse"), ask("softmax", "softmax"), ask("why")), Path()),
    Exercise("small", "", (ask("softmax", "softmax"),), Path()),
    Exercise("steps", "", (ask("step", "step"), Question("pick", choice.KIND, "", (), variables=("pick",))), Path()),
    Exercise("twin", "", (ask("step", "step"), ask("jump", "jump")), Path()),
]
MSE, SOFTMAX, STEP = "def mse(d, y):\n    return 0\n", "def softmax(u):\n    return u\n", "def step(w):\n    ____\n"
WHY = Cell("*question: why*\n\nBecause.", "markdown")


def recognize(*cells: str | Cell) -> str | None:
    """Return the exercise of a program of these cells."""
    return recognize_exercise(
        ParsedSubmission(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)), EXERCISES
    )


@pytest.mark.parametrize(
    ("cells", "exercise"),
    [
        ((MSE, SOFTMAX, WHY), "losses"),  # all of `small` is there, too, but `losses` has more of what was found
        ((MSE,), "losses"),  # no other exercise asks for it
        ((MSE + SOFTMAX,), "losses"),
        ((WHY,), "losses"),
        ((Cell("x = 1", question="mse"),), "losses"),  # a cell of the template that lost its function
        ((SOFTMAX,), "small"),  # all of `small`, a part of `losses`
        ((STEP, "pick: str = 'b'"), "steps"),
        (("pick = 'a'",), "steps"),
        ((STEP, "async def jump(w): ..."), "twin"),
    ],
)
def test_the_only_fitting_exercise(cells: tuple[str | Cell, ...], exercise: str) -> None:
    """All questions of one exercise, or questions that only one exercise has."""
    assert recognize(*cells) == exercise


@pytest.mark.parametrize(
    "cells",
    [
        (),
        ("x = 1",),
        (STEP,),  # two exercises ask for it
        (MSE, STEP),  # parts of several exercises
        (SOFTMAX, STEP, "jump = pick = 1"),
        ("class mse:\n    pass",),
        ("    def mse(): pass",),  # not at the top level
        ("print(mse == 1)", "mse.x = 1", "mse[0] = 1"),
        (Cell("def mse(): pass", "markdown"),),
    ],
)
def test_no_guess(cells: tuple[str | Cell, ...]) -> None:
    """Nothing found, or several exercises that fit: a person names it."""
    assert recognize(*cells) is None
