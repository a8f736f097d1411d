"""Trivial answers have the form of the reference's results, and never equal the reference."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import pytest

from grader.core.compare.tensors import compare_form
from grader.core.judging.reference_data import ReferenceData, compute_reference_data, select_output
from grader.core.judging.trivial_answers import TrivialAnswer, list_trivial_answers
from grader.core.questions.checks import AnswerCheck, Check, Output, Probe
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Question
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import Action, Call, Parse, Read, ResultRef
from grader.core.wire.values import Code, Seed, Value

X = np.array([1.0, -2.0, 3.0])
FILLED = ["NaN", "zeros", "ones", "0.5 everywhere", "10 everywhere"]
RANDOM = ["random numbers from 0 to 1", "random numbers of either sign"]


def answers(
    reference: Callable[..., Value], *args: Value, outputs: tuple[Output, ...] = (Output(),)
) -> dict[str, TrivialAnswer]:
    """Return the trivial answers to a question with one check per output, all with these arguments."""
    checks = tuple(Check(f"check{n}", "…", 1.0, lambda rng: args, output=o) for n, o in enumerate(outputs))
    question = Question("asked", CODE, "Asked", checks, (), "asked", reference)
    data = compute_reference_data(Exercise("e", "E", (question,), PurePath("e")), b"secret")
    return {answer.name: answer for answer in list_trivial_answers(question, data, {})}


def values(found: Mapping[str, TrivialAnswer], output: Output = Output(), check: str = "check0") -> dict[str, Any]:
    """Return the judged value of each answer."""
    return {name: select_output(output, answer.answers[check].results[0]) for name, answer in found.items()}


def test_the_answers_to_a_function() -> None:
    """None, constants, random numbers and each input are tried; those with numbers have the expected form."""

    def doubled(x: Any, seed: Any, f: Any) -> Any:
        return 2 * x

    given = values(answers(doubled, X, Seed(1), Code("lambda x: x")))
    assert list(given) == ["None", *FILLED, *RANDOM, "input x", "input seed", "input f"]
    assert given["None"] is given["input seed"] is given["input f"] is None
    assert given["input x"] is X
    assert all(compare_form(X, given[name]).mismatch is None for name in FILLED + RANDOM)
    assert np.isnan(given["NaN"]).all()
    assert given["10 everywhere"].tolist() == [10.0] * 3
    assert (given[RANDOM[0]] >= 0).all()
    assert (given[RANDOM[0]] < 1).all()


def test_random_answers_are_the_same_everywhere() -> None:
    """Random answers follow from names alone, bit for bit."""

    def doubled(x: Any) -> Any:
        return 2 * x

    for name in RANDOM:
        assert values(answers(doubled, X))[name].tolist() == values(answers(doubled, X))[name].tolist()


def test_the_form_is_kept() -> None:
    """Numbers at any depth are replaced; whole numbers and truth values keep their kind where the answer has it."""

    def mixed(x: Any) -> Any:
        return {"a": [x.astype(int), 1.5], "b": (x > 0, "text", None)}

    given = values(answers(mixed, X))
    assert given["zeros"]["a"][0].dtype == int
    assert given["ones"]["b"][0].tolist() == [True] * 3
    assert given["zeros"]["b"][1:] == (None, None)
    assert np.isnan(given["NaN"]["a"][1])


@pytest.mark.parametrize(
    ("reference", "missing"),
    [
        (lambda x: x, {"input 1", "input x"}),
        (lambda x: np.zeros(3), {"zeros"}),
        (lambda x: None, {"None", *FILLED, *RANDOM}),
    ],
)
def test_right_answers_are_left_out(reference: Callable[..., Value], missing: set[str]) -> None:
    """An answer that equals the reference is right, and is not among the trivial ones."""
    assert missing.isdisjoint(answers(reference, X))


def test_answers_to_every_output() -> None:
    """An argument, an item of the returned dict and a local variable get answers; None leaves arguments unchanged."""

    def step(network: Any, rate: float) -> Any:
        moved = network["W"] - rate
        network["W"] = moved
        return {"W": moved}

    outputs = Output("argument", 0, ("W",)), Output("returned", None, ("W",)), Output("local", "moved")
    found = answers(step, {"W": X}, 0.5, outputs=outputs)
    for number, output in enumerate(outputs):
        assert values(found, output, f"check{number}")["zeros"].tolist() == [0.0] * 3
    assert values(found, outputs[0], "check0")["None"] is X
    assert values(found, outputs[1], "check1")["input network"] is X


def read(actions: tuple[Action, ...], solution_values: Mapping[str, Value]) -> dict[str, list[Value]]:
    """Return the values of each trivial answer to one check of these actions."""
    check = AnswerCheck("read", "…", 1.0, lambda rng: Probe(actions, lambda returned: RuleResult()))
    question = Question("asked", CODE, "Asked", (check,))
    data = ReferenceData({}, (), {("asked", "read"): check.make_probe(np.random.default_rng(0))})
    return {
        answer.name: [result.value for result in answer.answers["read"].results]
        for answer in list_trivial_answers(question, data, solution_values)
    }


def test_answers_in_variables() -> None:
    """A variable gets answers of its form in the solution, no random ones, and not its own value."""
    found = read((Read("W"),), {"W": np.zeros(2)})
    assert "zeros" not in found
    assert not set(RANDOM) & set(found)
    assert [value.tolist() for value in found["ones"]] == [[1.0, 1.0]]
    assert found["None"] == [None]
    assert set(read((Read("W"),), {})["zeros"]) == {None}


def test_answers_of_called_functions() -> None:
    """Calls give numbers and their own arguments; source text has no trivial answers."""
    found = read((Call("f", (X,)), Call("g", (ResultRef(0), 2.0))), {})
    assert found["zeros"] == [0.0, 0.0]
    assert found["input 1"][0] is X
    assert found["input 1"][1] is None
    assert found["input 2"] == [None, 2.0]
    assert read((Parse("line"),), {}) == {}
