"""What a check's function does with a class is recorded, and what needs a value is refused with the author's line.

Covers `authoring/class_checks.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from grader.authoring import code_question, returned
from grader.core.errors import CourseError
from grader.core.judging.reference_data import compute_reference_data
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.wire.step_text import StepWriter


class Net:
    """A reference."""

    def __init__(self, size: int) -> None:
        self.params = {"W": np.zeros(size)}
        self.layers = [size]

    @property
    def size(self) -> int:
        return len(self.params["W"])

    def loss(self, X: Any) -> Any:
        return float((X * self.params["W"]).sum()), {"W": X}

    def train(self, X: Any, rate: float = 0.1) -> None:
        self.params["W"] = self.params["W"] - rate * X

    def update(self, params: Any) -> None:
        params["W"] -= 1.0

    def itself(self) -> Any:
        return self


class Factor:
    """Another class of the solution."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def apply(self, net: Net) -> Any:
        return net.params["W"] * self.factor


def declare(*functions: Callable[..., Any], outputs: tuple[Any, ...] = ()) -> Question:
    """Return a question about Net with these checks."""
    question = code_question("net", title="Net", points=len(functions) * max(1, len(outputs)), reference=Net)
    for function in functions:
        question.check(*outputs, points=1)(function)
    return question.freeze()


def show(question: Question) -> tuple[list[str], Any, Check]:
    """Return the lines and the expected value of the first check, and the check."""
    exercise = Exercise(name="nets", title="Nets", questions=(question,), folder=None)  # type: ignore[arg-type]  # unused
    check = question.checks[0]
    assert isinstance(check, Check)
    (case,) = compute_reference_data(exercise, b"secret").cases["net", check.name]
    return StepWriter(case.args[0], case.args).write_lines(), case.expected, check


def test_a_check_uses_objects_as_python_does() -> None:
    """Attributes and items are set and read, methods called, and the author's names are kept."""

    def train(rng: Generator, Net: Any) -> Any:
        """A step."""
        net = Net(3)
        net.params["W"] = np.array([1.0, 2.0, 3.0])
        X = np.ones(3)
        net.train(X, rate=0.5)
        return net.params["W"]

    lines, expected, check = show(declare(train))
    assert lines == ["net = Net(3)", "net.params['W'] = W", "net.train(X, rate=0.5)", "net.params['W']"]
    assert expected.tolist() == [0.5, 1.5, 2.5]
    assert (check.output.label, check.method, check.function) == ("net.params['W']", "train", "Net")
    assert check.parameters == ("steps", "argument_1", "W", "X", "argument_4")


def test_parts_of_what_a_method_returns_are_outputs() -> None:
    """Outputs are parts of what the check's function returns, and each knows its method."""

    def loss(rng: Generator, Net: Any) -> Any:
        """{output} of a batch."""
        return Net(3).loss(rng.normal(size=3))

    question = declare(loss, outputs=(returned(0, label="the loss"), returned(1, "W")))
    checks = [check for check in question.checks if isinstance(check, Check)]
    assert [str(check.says) for check in checks] == ["`the loss` of a batch.", "`Net(3).loss(X)[1]['W']` of a batch."]
    assert [check.method for check in checks] == ["loss", "loss"]
    assert show(question)[1] == 0.0


def test_parts_of_what_the_author_returns_are_outputs() -> None:
    """A dict of several values is judged key by key; a property and a constructor are methods, too."""

    def values(rng: Generator, Net: Any) -> Any:
        """{output}."""
        net = Net(3)
        return {"size": net.size, "layers": net.layers}

    question = declare(values, outputs=(returned("size"), returned("layers", 0)))
    checks = [check for check in question.checks if isinstance(check, Check)]
    assert [check.method for check in checks] == ["size", "__init__"]
    assert [check.output.label for check in checks] == ["net.size", "net.layers[0]"]


def test_an_argument_that_is_changed_may_be_returned() -> None:
    """What a method changes in place is judged by returning the argument, or an item of it."""

    def update(rng: Generator, Net: Any) -> Any:
        """In place."""
        params = {"W": np.ones(2)}
        Net(2).update(params)
        return params["W"]

    lines, expected, check = show(declare(update))
    assert expected.tolist() == [0.0, 0.0]
    assert (lines, check.method) == (["Net(2).update(params)", "params['W']"], "update")


def test_other_classes_of_the_solution_are_parameters() -> None:
    """A check may take other names of the solution, in any order."""

    def scaled(rng: Generator, Factor: Any, Net: Any) -> Any:
        """Scaled."""
        net = Net(2)
        net.params["W"] = np.ones(2)
        return Factor(3.0).apply(net)

    lines, expected, check = show(declare(scaled))
    assert expected.tolist() == [3.0, 3.0]
    assert check.method == "__init__"
    assert lines[-2:] == ["net.params['W'] = W", "Factor(3.0).apply(net)"]


def refuse(function: Callable[..., Any], *outputs: Any) -> str:
    """Return the error of a declaration."""
    with pytest.raises(CourseError) as caught:
        declare(function, outputs=outputs)
    return str(caught.value)


def test_what_needs_a_value_is_refused() -> None:
    """Arithmetic, comparison, truth, iteration and numpy's functions of a recorded value are refused by line."""

    def use(what: Callable[[Any], Any]) -> str:
        def check(rng: Generator, Net: Any) -> Any:
            """A use."""
            return what(Net(2).size)

        return refuse(check)

    uses: list[Callable[[Any], Any]] = [
        *(lambda x: x + 1, lambda x: 2 * x, lambda x: x > 0, lambda x: x == 0, bool, len, list, float),
        *(lambda x: np.ones(2) @ x, lambda x: np.array([1.0, x]), lambda x: -x, lambda x: [1][x]),
    ]
    for one in uses:
        assert "results have no values here" in use(one)
        assert "test_record_steps.py:" in use(one)


def test_bad_declarations_are_told() -> None:
    """A check without the class, with an unknown name, without a result, or with an object as result is refused."""

    def alone(rng: Generator) -> Any:
        """Alone."""
        return 1

    def unknown(rng: Generator, Net: Any, Stranger: Any) -> Any:
        """Unknown."""
        return Net(1).size

    def other(rng: Generator, Factor: Any) -> Any:
        """Another."""
        return Factor(1).factor

    def nothing(rng: Generator, Net: Any) -> Any:
        """Nothing."""
        Net(1)

    def thing(rng: Generator, Net: Any) -> Any:
        """An object."""
        return Net(1).itself()

    def odd(rng: Generator, Net: Any) -> Any:
        """An argument of another type."""
        return Net(object()).size

    def good(rng: Generator, Net: Any) -> Any:
        """Good."""
        return {"size": Net(1).size}

    assert "write def alone(rng, Net):" in refuse(alone)
    assert "takes Stranger, which solution.py doesn't have" in refuse(unknown)
    assert "takes Factor, but not the class Net" in refuse(other)
    assert "return what is judged" in refuse(nothing)
    assert "returns an object of type Net" in refuse(thing)
    assert "an argument is a number, text, an array" in refuse(odd)
    assert "returned('W'): what it returns has 'size'" in refuse(good, returned("W"))


def test_a_changed_argument_is_a_new_one() -> None:
    """An array that the author changes between two calls is sent as it was at each of them."""

    def twice(rng: Generator, Net: Any) -> Any:
        """Twice."""
        net, X = Net(2), np.ones(2)
        net.train(X)
        X[:] = 5.0
        net.train(X)
        return net.params["W"]

    assert show(declare(twice))[1] == pytest.approx([-0.6, -0.6])
