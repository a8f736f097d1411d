"""Right values in another order, or with an extra item, earn their points; several guesses don't.

Covers `core/judging/item_order.py`.
"""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import numpy as np
import pytest

from grader.authoring import code_question, returned
from grader.authoring.code_questions import CodeQuestion
from grader.core.judging.grade_question import judge_question
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import compute_reference_data, observe_reference
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.report.sentences import remark_sentence
from grader.core.results.grading import QuestionResult
from grader.core.wire.job import ActionResult, Answer, Job
from grader.core.wire.submission import ParsedSubmission

Function = Callable[..., Any]


def forward(x: Any) -> Any:
    """Return two arrays of one shape and one of another."""
    u = 2 * x
    z = np.maximum(u, 0)
    y = z.sum(axis=0)
    return u, z, y


def inputs(rng: np.random.Generator) -> Any:
    """A batch."""
    return rng.normal(size=(4, 3))


def softmax(u: Any) -> Any:
    """Return one array."""
    powers = np.exp(u - u.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def gradients(x: Any) -> Any:
    """Return a dict."""
    return {"W": x.T @ x, "b": x.sum(axis=0)}


def position(x: Any) -> Any:
    """Return the place of the largest number."""
    return tuple(int(i) for i in np.unravel_index(np.argmax(x), x.shape))


def loss_and_slope(x: Any) -> Any:
    """Return a number and an array."""
    loss = float(np.mean(x**2))
    return loss, 2 * x / x.size


def ask(reference: Function, *outputs: Any, mistakes: tuple[Function, ...] = ()) -> Question:
    """Return a question with a visible and a hidden check of 1 point for each output."""
    made: CodeQuestion = code_question("q", title="Q", points=2 * max(len(outputs), 1), reference=reference)
    made.check(*outputs, points=1, repeat=2)(inputs)

    def again(rng: np.random.Generator) -> Any:
        """Another batch."""
        return rng.normal(size=(5, 2))

    made.check(*outputs, points=1, hidden=True)(again)
    for mistake in mistakes:
        made.mistake(mistake)
    return made.freeze()


def judge(question: Question, function: Function) -> QuestionResult:
    """Return the result of a function."""
    judged_by = compute_reference_data(Exercise("e", "E", (question,), PurePath()), b"secret")
    answers = {
        key: Answer(results=tuple(ActionResult(observe_reference(function, case.args).value) for case in own))
        for key, own in judged_by.cases.items()
    }
    origins = NameOrigins(Job((), ()), ())
    return judge_question(question, judged_by, answers, origins, ParsedSubmission(()))


ITEMS = (returned(0, label="u"), returned(1, label="z"), returned(2, label="y"))


def remarks(result: QuestionResult) -> set[str]:
    """Return the sentences of all remarks."""
    return {remark_sentence(remark) for check in result.checks for remark in check.remarks}


@pytest.mark.parametrize("outputs", [(), ITEMS], ids=["whole", "parts"])
@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (1, 2, 0)])
def test_another_order(outputs: tuple[Any, ...], order: tuple[int, ...]) -> None:
    """All values in another order earn all points; a remark names the order asked for."""
    question = ask(forward, *outputs)
    result = judge(question, lambda x: tuple(forward(x)[i] for i in order))
    assert result.score == result.max_score
    assert remarks(result) == {"The values are right; the order asked for is `u`, `z`, `y`."}


def test_another_order_with_a_wrong_item() -> None:
    """Right items earn their points in another order, too; a wrong one earns none."""
    result = judge(ask(forward, *ITEMS), lambda x: (forward(x)[2], forward(x)[1], 7 * x))
    assert {check.output for check in result.checks if check.points} == {"z", "y"}
    assert result.score == 4


@pytest.mark.parametrize("outputs", [(), ITEMS], ids=["whole", "parts"])
def test_extra_items(outputs: tuple[Any, ...]) -> None:
    """Few extra items cost nothing, wherever they are; a remark says so if it is known that they are extra ones."""
    question = ask(forward, *outputs)
    for function in (lambda x: (*forward(x), {"x": x}), lambda x: ({"x": x}, *forward(x)), lambda x: [*forward(x), 3]):
        result = judge(question, function)
        assert result.score == result.max_score
    assert judge(question, lambda x: (*forward(x), *range(40))).score in (0, 6)  # parts are found in their places


def test_one_value_with_a_cache() -> None:
    """Where one value is asked for, it counts alone: before a cache, or after one of another form."""
    question = ask(softmax)
    for function in (lambda u: (softmax(u), {"u": u}), lambda u: (softmax(u), u), lambda u: [{"u": u}, softmax(u)]):
        result = judge(question, function)
        assert result.score == 2
        assert remarks(result) == {"More than one value is returned; only the one that was asked for counts."}


GUESSES: dict[str, Function] = {
    "a_wrong_one_first": lambda u: (np.exp(u) / np.exp(u).sum(), softmax(u)),
    "two_wrong_ones_first": lambda u: (u, 0 * u, softmax(u)),
    "right_in_some_place": lambda u: (*(np.full(u.shape, i / 10) for i in range(9)), softmax(u)),
    "too_many_after_it": lambda u: (softmax(u), *(u + i for i in range(50))),
}


@pytest.mark.parametrize("name", GUESSES)
def test_several_guesses(name: str) -> None:
    """Values of one form are guesses: none of them is chosen because it is right."""
    assert judge(ask(softmax), GUESSES[name]).score == 0


def test_single_numbers_keep_their_places() -> None:
    """The order of two indices is part of the answer; a number is recognized elsewhere only with a check of its own."""
    assert judge(ask(position), lambda x: position(x)[::-1]).score == 0
    parts = ask(loss_and_slope, returned(0, label="loss"), returned(1, label="slope"))
    assert judge(parts, lambda x: loss_and_slope(x)[::-1]).score == 4
    assert judge(ask(loss_and_slope, returned(0, label="loss")), lambda x: (0.5, 1.0, loss_and_slope(x)[0])).score == 0


def test_equal_values_keep_their_places() -> None:
    """Outputs of equal values are judged where they are."""

    def twice(x: Any) -> Any:
        """Return the same values under two names."""
        u = 2 * x
        y = u
        return u, y

    result = judge(ask(twice, returned(0, label="u"), returned(1, label="y")), lambda x: (2 * x, 0 * x))
    assert {check.output for check in result.checks if check.points} == {"u"}


def test_extra_keys() -> None:
    """Few extra keys of a dict cost nothing; a missing one, or many of them, do."""
    question = ask(gradients)
    result = judge(question, lambda x: gradients(x) | {"loss": 1.0})
    assert (result.score, remarks(result)) == (2, {"The dict also has `loss`, which the question doesn't ask for."})
    assert judge(question, lambda x: {"W": x.T @ x, "bias": x.sum(axis=0)}).score == 0
    assert judge(question, lambda x: gradients(x) | {str(i): i for i in range(50)}).score == 0


def test_a_declared_mistake_stays_one() -> None:
    """An order that the course declares as a mistake costs points, and shows its hint."""

    def turned(x: Any) -> Any:
        """The order is reversed."""
        return forward(x)[::-1]

    turned.__globals__.setdefault("forward", forward)
    question = ask(forward, mistakes=(turned,))
    result = judge(question, lambda x: forward(x)[::-1])
    assert (result.score, {check.mistake for check in result.checks}) == (0, {"turned"})
    assert judge(question, lambda x: (forward(x)[1], forward(x)[0], forward(x)[2])).score == 2


def test_hidden_checks_do_not_choose() -> None:
    """The places that visible checks show are those of hidden ones."""
    question = ask(forward, *ITEMS)
    result = judge(question, lambda x: forward(x) if len(x) == 4 else forward(x)[::-1])
    assert {check.hidden for check in result.checks if check.points and check.output != "z"} == {False}


def test_a_right_answer_is_unchanged() -> None:
    """Values in their order have no remarks."""
    for question, function in ((ask(forward, *ITEMS), forward), (ask(softmax), softmax), (ask(gradients), gradients)):
        result = judge(question, function)
        assert (result.score, remarks(result)) == (result.max_score, set())
