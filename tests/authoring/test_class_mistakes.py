"""Known mistakes of a class are wrong classes, wrong methods, and wrong fillings of blanks in methods."""

from pathlib import Path
from typing import Any

import pytest

from grader.authoring.class_mistakes import replaces_class
from grader.core.errors import CourseError
from grader.core.questions.question import Question
from grader.course.loader import load_course

SOLUTION = '''\
# %%
import numpy as np

# %% question="counter"
class Counter:
    """A counter."""

    step = 1

    def __init__(self, start=0):
        self.count = start

    def add(self, times):
        self.count += times * self.step  # blank-line: count
        return self.count

    def twice(self, times):
        half = self.add(times)  # blank: the first half
        return half + self.add(times)  # blank: both halves

    @staticmethod
    def name():
        return 7  # blank: the name

    @property
    def odd(self):
        return self.count % 2  # blank: the rest
'''
CHECKS = """\
from grader.authoring import code_question
from . import solution

counter = code_question("counter", title="Counter", points=1, reference=solution.Counter)

@counter.check(points=1)
def some(rng, Counter):
    '''Numbers.'''
    counter = Counter(2)
    return [counter.add(3), counter.twice(2), Counter.name(), counter.odd]
"""


def load(folder: Path, *lines: str) -> Question:
    """Return the question with these lines in its checks."""
    exercise = folder / "reference" / "counting"
    exercise.mkdir(parents=True, exist_ok=True)
    (exercise.parent / "course.toml").write_text('title = "Counting"\nexercises = ["counting"]\n')
    (exercise / "solution.py").write_text(SOLUTION)
    (exercise / "checks.py").write_text(CHECKS + "\n" + "\n".join(lines) + "\n")
    (question,) = load_course(folder).exercises[0].questions
    return question


def run(question: Question) -> Any:
    """Return what the only mistake gives for the values of the check."""
    (mistake,) = question.mistakes
    counter: Any = mistake.function(2)
    return [counter.add(3), counter.twice(2), counter.name(), counter.odd]


def test_a_wrong_class_is_derived_from_the_right_one(tmp_path: Path) -> None:
    """A class in the checks is a mistake; its text is that of a class behind the right one."""
    lines = "@counter.mistake", "class Slow(solution.Counter):", '    """Slow."""', "    step = 0"
    question = load(tmp_path, *lines)
    assert run(question) == [2, 4, 7, 0]
    source = question.mistakes[0].source
    assert source == "class Counter(Counter):\n    step = 0"
    assert not replaces_class(source, "Counter")
    assert replaces_class("class Counter:\n    step = 0", "Counter")


@pytest.mark.parametrize(
    ("method", "lines", "values"),
    [
        (
            "add",
            "def one(self, times):\n    '''One.'''\n    self.count += 1\n    return super().__hash__() * 0",
            [0, 0],
        ),
        ("name", "def named():\n    '''Eight.'''\n    return 8", [5, 16]),
        ("odd", "def even(self):\n    '''Even.'''\n    return (self.count + 1) % 2", [5, 16]),
    ],
)
def test_a_wrong_method_takes_the_place_of_the_right_one(
    tmp_path: Path, method: str, lines: str, values: list[int]
) -> None:
    """A function replaces a method, a static method or a property, keeps its decorator, and may use `super()`."""
    question = load(tmp_path, f"@counter.mistake(of=solution.Counter.{method})", lines)
    found = run(question)
    assert found[:2] == values
    assert (found[2] == 8, found[3] == 0) == (method == "name", method == "odd")
    assert question.mistakes[0].source.count(f"def {method}(") == 1
    assert "# blank" not in question.mistakes[0].source


def test_a_filling_names_its_method(tmp_path: Path) -> None:
    """A blank is found in all methods; where several have its name, `of=` says which is meant."""
    question = load(tmp_path, 'counter.filling("return", "half", "Half.", of=solution.Counter.twice)')
    assert run(question)[:2] == [5, 7]
    assert question.mistakes[0].fillings[0].method == "twice"
    assert run(load(tmp_path, 'counter.filling("half", "0", "None.")'))[:2] == [5, 7]


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        ("", "def add(self, times):\n    'No.'", "write @counter.mistake(of=solution.Counter.add)"),
        ("(of=solution.Counter.add)", "class A(solution.Counter):\n    'No.'", "is a class"),
        ("", "class A(solution.Counter):\n    'No.'", "no methods of its own"),
        ("", "class A(solution.Counter):\n    step = 2", "has no docstring"),
        ("(of=solution.Counter.add)", "def add(self):\n    'No.'", "takes 1 arguments, but add takes 2"),
        ("(of=3)", "def add(self):\n    'No.'", "say which function it is of"),
        ("", "class A(solution.Counter):\n    'No.'\n    def add(self):\n        solution.x", "add uses solution.x"),
    ],
)
def test_bad_mistakes_are_told(tmp_path: Path, head: str, body: str, said: str) -> None:
    """A mistake without its method, without methods, or with names that a student's file doesn't have is refused."""
    with pytest.raises(CourseError) as caught:
        load(tmp_path, f"@counter.mistake{head}", body)
    assert said in str(caught.value)


def test_an_ambiguous_blank_is_told(tmp_path: Path) -> None:
    """A blank whose name several methods have is refused, with the right texts."""
    with pytest.raises(CourseError, match="there are 3 blanks `return`: name the one you mean by its right text"):
        load(tmp_path, 'counter.filling("return", "0", "No.")')
